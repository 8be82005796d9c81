import { expect, test } from "vitest";
import { fitting, hasRoom } from "../../shared/incident/membership.ts";
import type { Member } from "../../shared/incident/types.ts";
import { arnOf, at, muteRuleArn } from "./stories.ts";

/** Of a row; the simulated table holds to the exact size. */
const maximumRowBytes = 400_000;

/** An alarm with everything that can be kept of one. */
function member(name: string, index: number): Member {
  const spans = Array.from({ length: 8 }, (_, hour) => ({ from: at(60 * hour), until: at(60 * hour + 1) }));
  return {
    ...{ arn: arnOf(name), name, kind: "alarm", severity: "P1", state: "INSUFFICIENT_DATA", red: true },
    ...{ since: at(index), changedAt: at(index), deleted: false, flapping: true, insufficientSince: at(0), spans },
    ...{ mute: { by: muteRuleArn("r".repeat(255)), until: at(90) }, untagged: true },
  };
}

function membersNamed(count: number, nameOf: (index: number) => string): Record<string, Member> {
  const all = Array.from({ length: count }, (_, index) => member(nameOf(index), index));
  return Object.fromEntries(all.map((each) => [each.arn, each]));
}

/** An incident's members, and twenty alarms more that its thread remembers. */
function threadBytes(members: Record<string, Member>): number {
  const [longest = 0] = Object.values(members).map((each) => Buffer.byteLength(JSON.stringify({ [each.arn]: each })));
  return Buffer.byteLength(JSON.stringify(members)) + 20 * longest;
}

test.each([
  ["short ones", (index: number) => `alarm-${index}`, 120],
  ["the longest in Latin letters", (index: number) => `${"a".repeat(250)}${index}`, 120],
  ["the longest in letters of three bytes", (index: number) => `${"警".repeat(250)}${index}`, 70],
  ["the longest of signs that JSON writes with six", (index: number) => `${"\u0001".repeat(250)}${index}`, 40],
])("of alarms with names like %s, as many are listed as a row holds", (_, nameOf, atLeast) => {
  const fits = fitting(membersNamed(200, nameOf));
  expect(Object.keys(fits).length).toBeGreaterThanOrEqual(atLeast);
  expect(Object.keys(fits).length).toBeLessThanOrEqual(120);
  expect(threadBytes(fits)).toBeLessThan(maximumRowBytes);
  // And what fits is full: no other is taken in beside it.
  expect(hasRoom(Object.values(fits))).toBe(false);
  expect(hasRoom(Object.values(fits).slice(0, 30))).toBe(true);
});

test("the red ones are listed before the others, and the newest before the older", () => {
  const members = membersNamed(200, (index) => `alarm-${index}`);
  for (const [index, each] of Object.values(members).entries()) each.red = index % 2 === 0;
  const fits = Object.values(fitting(members));
  expect(fits.filter(({ red }) => red)).toHaveLength(100);
  expect(Math.min(...fits.filter(({ red }) => !red).map(({ changedAt }) => changedAt))).toBe(at(161));
});
