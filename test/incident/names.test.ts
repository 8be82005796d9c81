import { describe, expect, test } from "vitest";
import { digits, incidentId } from "../../shared/incident/identity.ts";
import { arnOf, at } from "./stories.ts";

describe("an incident's name tells what it is about and since when", () => {
  test.each([
    ["checkout", "checkout"],
    ["Check Out / EU", "check-out-eu"],
    [arnOf("cpu/high: checkout"), "cpu-high-checkout"],
    ["arn:aws:cloudwatch:eu-west-1:1:alarm:x:alarm:y", "x-alarm-y"],
    ["of arn:aws:cw:eu-west-1:1:alarm:x", "of-arn-aws-cw-eu-west-1-1-alarm-x"],
    ["--(checkout)--", "checkout"],
    ["a - - b", "a-b"],
    ["7", "7"],
    ["支払い", "incident"],
    ["", "incident"],
    [`a${"-bcd".repeat(10)}`, "bcd-bcd-bcd-bcd-bcd-bcd-bcd-bcd-bcd-bcd"],
    [`${"x".repeat(50)}`, "x".repeat(40)],
  ])("%s: %s", (key, about) => {
    const id = incidentId(key, at(0));
    expect(id.slice(0, -"-20260601T100000-12345678".length)).toBe(about);
    expect(id).toMatch(/-20260601T100000-[0-9a-f]{8}$/);
  });

  test("is the same again for the same, and another for another key or stamp", () => {
    expect(incidentId("checkout", at(0))).toBe("checkout-20260601T100000-5059ec94");
    const names = [incidentId("a b", at(0)), incidentId("a-b", at(0)), incidentId("a b", at(0) + 1)];
    expect(new Set(names).size).toBe(3);
  });
});

describe("the digits of a text", () => {
  test.each([
    ["", "811c9dc501000193"],
    ["a", "e40de134850205f0"],
    ["checkout", "af182329aa733ecc"],
    ["支払い", "dece1c669c8ba815"],
  ])("of %o are always the same", (text, expected) => {
    expect(digits(text)).toBe(expected);
  });

  test("are sixteen, and no two of many are alike", () => {
    const all = Array.from({ length: 5_000 }, (_, index) => digits(`key|${index}`));
    expect(all.every((each) => /^[0-9a-f]{16}$/.test(each))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
    expect(all.some((each) => each.startsWith("0")) && all.some((each) => each[8] === "0")).toBe(true);
  });
});
