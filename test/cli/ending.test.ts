import { expect, test } from "vitest";
import { endingOf, report } from "../../cli/ending.ts";
import { Broken, Refused, Unavailable } from "../../shared/failures.ts";

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.each([
  { what: "what was refused", error: new Refused("no"), code: 2, line: "no" },
  { what: "what is unavailable", error: new Unavailable("later"), code: 3, line: "later" },
  { what: "our own bug", error: new Broken("odd"), code: 3, line: "this is a bug in Nightshift: odd" },
  {
    what: "a surprise",
    error: new TypeError("x is not a function"),
    code: 3,
    line: "this is a bug in Nightshift: TypeError: x",
  },
  { what: "something thrown that is no error", error: "text", code: 3, line: "this is a bug in Nightshift: text" },
  {
    what: "missing credentials",
    error: named("CredentialsProviderError", "Could not load credentials from any providers"),
    code: 3,
    line: "no AWS credentials were found",
  },
  { what: "a missing region", error: new Error("Region is missing"), code: 3, line: "no AWS region is set" },
  {
    what: "an endpoint that nobody serves, tried on two addresses",
    error: new AggregateError([named("Error", "connect ECONNREFUSED ::1:4566", { code: "ECONNREFUSED" })]),
    code: 3,
    line: "cannot reach the endpoint (ECONNREFUSED): connect ECONNREFUSED ::1:4566",
  },
  {
    what: "a refusal by AWS, even as a cause",
    error: new Error("outer", { cause: named("AccessDeniedException", "not authorized", { $metadata: {} }) }),
    code: 3,
    line: "AWS refused: AccessDeniedException: not authorized",
  },
])("$what ends with $code", ({ error, code, line }) => {
  const ending = endingOf(error);
  expect(ending.code).toBe(code);
  expect(ending.lines).toHaveLength(1);
  expect(ending.lines[0]).toContain(line);
});

test("line breaks in a message are escaped, and further problems have their own lines", () => {
  expect(endingOf(new Refused("a\nb", { also: ["c\td"] })).lines).toEqual(["a\\nb", "c\\td"]);
});

test("an error that causes itself is reported all the same", () => {
  const error = new Error("round");
  error.cause = error;
  expect(endingOf(error).code).toBe(3);
});

test("no stack is shown unless it is asked for", () => {
  const written: string[] = [];
  const errors = Object.assign(Object.create(process.stderr), { write: (text: string) => written.push(text) });
  const terminal = { output: errors, errors, input: process.stdin };
  expect(report(new Broken("odd"), { ...terminal, variables: {} })).toBe(3);
  expect(written.join("")).not.toMatch(/\bat /);
  report(new Broken("odd"), { ...terminal, variables: { NIGHTSHIFT_DEBUG: "1" } });
  expect(written.join("")).toMatch(/\bat .*ending\.test/);
});

test.each([Refused, Unavailable, Broken])("%o keeps its cause", (Failure) => {
  const cause = new Error("why");
  const failure = new Failure("what", { cause });
  expect(failure.cause).toBe(cause);
  expect("cause" in new Failure("what")).toBe(false);
});
