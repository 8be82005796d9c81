import { expect, test } from "vitest";
import { readTime } from "../../cli/times.ts";
import { iso } from "../../shared/instant.ts";

const now = Date.parse("2027-03-15T14:30:00Z");

test.each([
  ["14:05", "2027-03-15T14:05:00.000Z"],
  ["14:30", "2027-03-15T14:30:00.000Z"],
  ["14:31", "2027-03-14T14:31:00.000Z"],
  ["2027-03-15T14:05", "2027-03-15T14:05:00.000Z"],
  ["2027-03-15 14:05:30Z", "2027-03-15T14:05:30.000Z"],
  ["2027-03-15T15:05+01:00", "2027-03-15T14:05:00.000Z"],
])("%s is a time", (text, at) => {
  expect(iso(readTime("--at", text, now))).toBe(at);
});

test.each([
  ["25:00", "must be a time, for example 14:05 or 2027-03-15T14:05Z"],
  ["yesterday", "must be a time"],
  ["2027-02-30T10:00", "must be a time"],
  ["2027-03-16T00:00Z", "is yet to come: it is 2027-03-15T14:30Z"],
])("%s is none", (text, problem) => {
  expect(() => readTime("--at", text, now)).toThrow(problem);
});
