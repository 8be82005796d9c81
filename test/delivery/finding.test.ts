import { describe, expect, test } from "vitest";
import { stampOf } from "../../shared/delivery/parse.ts";
import { changed, envelopes, parseOne } from "./documents.ts";

const finding = {
  version: 1,
  operation: "verify-backups",
  rule: "recovery-point-too-old",
  resource: "arn:aws:rds:eu-west-1:111122223333:db:orders",
  state: "raised",
  severity: "P1",
  message: "The newest recovery point is 26 h old; the policy allows 24 h.",
  remedy: "Start a backup job, then find out why the plan did not.",
  at: "2026-05-04T03:00:00.000Z",
};
const event = {
  version: "0",
  id: "5f1c",
  source: "nightshift",
  "detail-type": "Finding",
  account: "111122223333",
  region: "eu-west-1",
  time: "2026-05-04T03:00:01Z",
  resources: [],
  detail: finding,
};
const { version: _, ...content } = finding;
const parsed = { type: "finding", door: "finding", ...content, at: Date.parse(finding.at) };

test("a finding comes bare or as an event's detail, in any envelope", () => {
  expect(parseOne(finding)).toEqual(parsed);
  expect(parseOne(event)).toEqual(parsed);
  for (const wrap of Object.values(envelopes)) expect(parseOne(wrap(event))).toEqual(parsed);
  expect(stampOf(parseOne(finding))).toBe(parsed.at);
});

test("what a finding is about must fit into a key", () => {
  const resource = "é".repeat(1_000);
  expect(parseOne({ ...finding, resource })).toMatchObject({
    type: "unparsed",
    path: "resource",
    problem: "must be 1800 bytes at most, with operation and rule",
  });
  expect(parseOne({ ...finding, resource: "r".repeat(1_500) })).toMatchObject({ type: "finding" });
});

test("a finding is raised, and cleared", () => {
  expect(parseOne({ ...finding, state: "cleared" })).toEqual({ ...parsed, state: "cleared" });
});

test.each([1, "1", undefined, null])("version %o is ours", (version) => {
  expect(parseOne(changed(finding, "version", version))).toEqual(parsed);
});

test("fields of tomorrow are ignored", () => {
  expect(parseOne({ ...finding, source: "x", detail: {}, extra: 1 })).toEqual(parsed);
});

describe("a finding that is not whole is reported by its first failing path", () => {
  test.each([
    ["version", 2],
    ["operation", undefined],
    ["rule", ""],
    ["resource", null],
    ["state", "open"],
    ["severity", "P4"],
    ["message", ""],
    ["remedy", undefined],
    ["at", "yesterday"],
  ])("%s: %o", (field, value) => {
    const bare = changed(finding, field, value);
    const at = field === "at" ? null : parsed.at;
    expect(parseOne(bare)).toMatchObject({ type: "unparsed", door: "finding", path: field, at, raw: bare });
    const inEvent = { ...event, detail: bare };
    const time = Date.parse(event.time);
    expect(parseOne(inEvent)).toMatchObject({ type: "unparsed", door: "finding", path: `detail.${field}`, at: time });
  });

  test("the first of several is named", () => {
    expect(parseOne({ operation: "a", rule: "b", resource: "c" })).toMatchObject({ door: "finding", path: "state" });
  });
});

test("what would be too long for a key is of unknown shape", () => {
  const long = { ...finding, rule: "警".repeat(200), resource: "x".repeat(1_798 - 600 - finding.operation.length) };
  expect(parseOne(long)).toMatchObject({ type: "finding" });
  expect(parseOne({ ...long, resource: `${long.resource}x` })).toMatchObject({ type: "unparsed", path: "resource" });
});
