import { describe, expect, test } from "vitest";
import { isNewEpisode } from "../../shared/incident/episodes.ts";
import { fold } from "../../shared/incident/evolve.ts";
import type { Incident, Member } from "../../shared/incident/types.ts";
import { minute } from "../../shared/instant.ts";
import { createLife, listed } from "./life.ts";
import { policy, policyWith } from "./stage.ts";
import { arnOf, at } from "./stories.ts";

// To the millisecond, when an alarm is a matter of its own: the window is 5 min, and 15 min for what flaps.

/** An incident with a stuck P3 and a P1, `disk`, that was red from +1 to +10; and `cpu`, a P1 that is red since +15. */
function scene(): { incident: Incident; cpu: Member; disk: Member } {
  const life = createLife();
  life.fires("log", at(0), { severity: "P3" });
  life.fires("disk", at(1));
  life.clears("disk", at(10));
  const before = life.incident;
  life.fires("cpu", at(15));
  return { incident: before, cpu: life.member("cpu"), disk: life.member("disk") };
}

const span = (from: number, until: number | null) => ({ from: at(from), until: until === null ? null : at(until) });

test.each<[when: string, cpu: Partial<Member>, disk: Partial<Member> | null, isNew: boolean]>([
  ["the other has been OK for the window", {}, {}, true],
  ["the other was OK a moment too short", {}, { since: at(10) + 1 }, false],
  ["the other is red", {}, { red: true }, false],
  ["the other is of another severity, so that there is none of this one", {}, { severity: "P2" }, false],
  ["there is no other, and it never was red before", {}, null, false],
  ["there is no other, and it was OK for the window itself", { spans: [span(1, 10), span(15, null)] }, null, true],
  ["it was OK a moment too short itself", { spans: [span(1, 10.001), span(15, null)] }, {}, false],
  [
    "it was OK for the window itself, and before that too",
    { spans: [span(0, 1), span(2, 10), span(15, null)] },
    {},
    true,
  ],
  ["it flaps", { flapping: true }, {}, false],
  ["it is of a lesser severity", { severity: "P3" }, {}, false],
  [
    "it is of a lesser severity, and was red before",
    { severity: "P2", spans: [span(1, 10), span(15, null)] },
    {},
    false,
  ],
  ["the other flaps, and had its last transition 15 min ago", {}, { flapping: true, changedAt: at(0) }, true],
  ["the other flaps, and had one a moment later", {}, { flapping: true, changedAt: at(0) + 1 }, false],
])("%s: %s %s %s", (_, cpuChanges, diskChanges, isNew) => {
  const { incident, cpu, disk } = scene();
  const others = diskChanges === null ? {} : { [disk.arn]: { ...disk, ...diskChanges } };
  const members = { [arnOf("log")]: incident.members[arnOf("log")], ...others };
  const among = Object.fromEntries(Object.entries(members).flatMap(([arn, member]) => (member ? [[arn, member]] : [])));
  expect(isNewEpisode({ policy }, { ...incident, members: among }, { ...cpu, ...cpuChanges }, at(15))).toBe(isNew);
});

test("its own entry in the incident does not count as another's", () => {
  const { incident, cpu, disk } = scene();
  const members = { [cpu.arn]: cpu, [disk.arn]: disk };
  expect(isNewEpisode({ policy }, { ...incident, members }, cpu, at(15))).toBe(true);
});

describe("an episode", () => {
  test("voids the acknowledgement, starts the clocks, and counts its pages anew", () => {
    const life = createLife();
    life.fires("log", at(0), { severity: "P3", service: null });
    life.fires("cpu", at(1), { service: null });
    life.until(at(16));
    life.does(at(17), { type: "acknowledge", by: "Ada" });
    life.clears("cpu", at(18));
    life.fires("cpu", at(23), { service: "search" });
    const { ordinals } = life.incident;
    expect(life.incident).toMatchObject({ episode: 2, status: "open", acknowledgedBy: null, service: "search" });
    expect(life.incident.clock).toEqual({ from: 1, level: 1, acknowledgeAt: at(38), escalateAt: at(83) });
    expect(ordinals).toEqual({ "2|P1|1|operations-1|opened": 1 });
    expect(life.member("cpu")).toMatchObject({ red: true, since: at(23) });
  });
});

describe("one that flaps while it is longer unstable than it flaps", () => {
  test("is stable when both are over", () => {
    const life = createLife({ policy: policyWith({ incidents: { stabilitySeconds: 1_800 } }) });
    for (const minutes of [0, 2]) {
      life.fires("cpu", at(minutes));
      life.clears("cpu", at(minutes + 1));
    }
    life.until(at(60));
    expect(life.incident).toMatchObject({ status: "resolved", resolvedAt: at(3) + 30 * minute });
  });
});

describe("the timeline folds to the incident", () => {
  test("in whatever order its entries are given, without those that the sender wrote", () => {
    const life = createLife();
    life.fires("cpu", at(0));
    life.fires("errors", at(1), { severity: "P0" });
    life.does(at(2), { type: "acknowledge", by: "Ada" });
    life.clears("cpu", at(3));
    const entries = life.decisions.flatMap((decision) => decision.entries.map(({ entry }) => entry));
    const sent = { n: 0, at: at(1), type: "paged", text: "sent", change: {} } as const;
    const [first, ...rest] = entries;
    expect(fold([...rest.toReversed(), sent, ...(first ? [first] : [])])).toEqual(life.incident);
    expect(fold([sent])).toBeNull();
  });
});

test("is one line of the timeline, however the alarm came", () => {
  const life = createLife();
  life.fires("log", at(0), { severity: "P3" });
  life.fires("disk", at(1));
  life.clears("disk", at(10));
  const { entries } = life.fires("cpu", at(15));
  expect(entries.map(({ entry }) => entry.type)).toEqual(["episode"]);
  expect(listed(life)).toEqual(["cpu", "disk", "log"]);
});
