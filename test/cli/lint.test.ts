import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nightshift } from "./terminal.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nightshift-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function local(text: string): string {
  const path = join(directory, "local.yml");
  writeFileSync(path, text);
  return path;
}

test("prints a document that obeys its schema, each finding with its file", async () => {
  const { default: Ajv } = await import("ajv/dist/2020.js");
  const schema = JSON.parse(readFileSync(new URL("lint.schema.json", import.meta.url), "utf8"));
  const validate = new Ajv.default().compile(schema);
  const { code, output, errors } = await nightshift(["lint", "--json"]);
  const document = JSON.parse(output);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(document.findings[0]).toMatchObject({
    rule: "frequency-cannot-meet-rpo",
    file: "configuration/development.yml",
    line: expect.any(Number),
    environment: "development",
  });
});

test("ends with 1 on an error that nobody acknowledged, and --strict on any finding", async () => {
  expect((await nightshift(["lint", "--strict"])).code).toBe(1);
  const quick = local("severities: { P0: { escalate: { minutes: 2 } } }\n");
  const { code, output } = await nightshift(["lint", "--environment", "production", "--local", quick]);
  expect(code).toBe(1);
  expect(output).toContain("error escalation-before-acknowledgement in production\n");
  expect(output).toContain("  2 min < 5 min\n");
  expect(output).toContain(`(${quick}:1)`);
  expect(output).toContain("1 errors, 5 more acknowledged");
});

test("says of an environment alone what is wrong there", async () => {
  const { output } = await nightshift(["lint", "--environment", "testing"]);
  expect(output).toContain("frequency-marginal-for-rpo in testing");
  expect(output).not.toContain("staging");
  expect(output).not.toContain("acknowledgement-unused");
});

test("an environment that there is not is refused", async () => {
  const { code, errors } = await nightshift(["lint", "--environment", "prod"]);
  expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining('did you mean "production"?') });
});
