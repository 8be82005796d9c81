import fc from "fast-check";
import type { AlarmState } from "../../shared/delivery/types.ts";
import { hour, type Instant, minute, second } from "../../shared/instant.ts";
import type { World } from "../../simulation/world.ts";
import { alarmsOf, incidents } from "./stage.ts";
import { action, change, contributor, event, start, tagged, topic } from "./stories.ts";

// Histories of several alarms, as CloudWatch would write them in order, and what is compared of their endings.

/** Two services, a composite with its children, an alarm with contributors, and one that stands alone. */
export const tags = tagged({
  cpu: "high shop",
  errors: "critical shop",
  log: "low shop",
  queries: "medium search",
  index: "high search",
  outage: "high",
  "outage-a": "high",
  "outage-b": "medium",
  slow: "high",
  alone: "medium",
});

const rule = "ALARM(outage-a) OR ALARM(outage-b)";
const names = ["cpu", "errors", "log", "queries", "index", "outage", "outage-a", "outage-b", "slow", "alone"] as const;
const series = ["slow/x", "slow/y"] as const;

interface Step {
  who: string;
  to: AlarmState | "deleted";
  gapMs: number;
}

/** One delivery, short enough to be read in a counterexample: when (in ms since the start), of whom, what, by which door. */
export interface Word {
  at: number;
  who: string;
  says: AlarmState | "deleted";
  was: AlarmState;
  door: "event" | "topic" | "action";
}

const gap = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: second, max: minute }) },
  { weight: 4, arbitrary: fc.integer({ min: minute, max: 40 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: 40 * minute, max: 6 * hour }) },
);

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.oneof(fc.constantFrom(...names), fc.constantFrom(...series)),
  to: fc.oneof(
    { weight: 5, arbitrary: fc.constant("ALARM" as const) },
    { weight: 4, arbitrary: fc.constant("OK" as const) },
    { weight: 2, arbitrary: fc.constant("INSUFFICIENT_DATA" as const) },
    { weight: 1, arbitrary: fc.constant("deleted" as const) },
  ),
  gapMs: gap,
});

/** At least one delivery, in order; every alarm's own stamps are at least a second apart. */
export const history: fc.Arbitrary<Word[]> = fc
  .array(step, { minLength: 1, maxLength: 24 })
  .map(written)
  .filter((words) => words.length > 0);

/** The history, and again with some of its deliveries come more than once, by any door, at or after their first time. */
export const duplicated: fc.Arbitrary<{ inOrder: Word[]; twice: Word[] }> = fc
  .tuple(
    history,
    fc.array(fc.record({ of: fc.nat(), after: fc.nat(), door: fc.nat() }), { minLength: 1, maxLength: 12 }),
  )
  .map(([inOrder, copies]) => {
    const again = copies.flatMap(({ of, after, door }) => {
      const index = of % inOrder.length;
      const word = inOrder[index];
      const place = index + (after % (inOrder.length - index)) + 0.5;
      return word === undefined ? [] : [{ word: { ...word, door: doorsOf(word)[door % 3] ?? "event" }, place }];
    });
    const placed = inOrder.map((word, place) => ({ word, place }));
    const all = [...placed, ...again].sort((left, right) => left.place - right.place);
    return { inOrder, twice: all.map(({ word }) => word) };
  });

/** The history, and again in any order, with any of its deliveries come more than once. */
export const shuffled: fc.Arbitrary<{ inOrder: Word[]; anyOrder: Word[] }> = duplicated.chain(({ inOrder, twice }) =>
  fc
    .shuffledSubarray(twice, { minLength: twice.length, maxLength: twice.length })
    .map((anyOrder) => ({ inOrder, anyOrder })),
);

export function documentsOf(words: readonly Word[]): unknown[] {
  return words.map(documentOf);
}

/** Until when all of them run: long after everything has become quiet. */
export function endOf(words: readonly Word[]): Instant {
  return Math.max(...words.map((word) => start + word.at)) + 3 * hour;
}

/** The keys of the open incidents, each with the states of its alarms. */
export function endingOf(world: World): Record<string, Record<string, string>> {
  const open = incidents(world).filter(({ status }) => status === "open" || status === "acknowledged");
  return Object.fromEntries(open.map((incident) => [incident.key, alarmsOf(incident)]));
}

/** Everything that went out, in order, without the names of pages. */
export function pagesOf({ collected }: World): object[] {
  return collected.notifications.map(({ page: _, ...notification }) => notification);
}

/** Consistent as CloudWatch is: each transition says which state it came from, and none repeats the state before it. */
function written(steps: readonly Step[]): Word[] {
  const states = new Map<string, AlarmState>();
  let when = 0;
  return steps.flatMap(({ who, to, gapMs }): Word[] => {
    when += gapMs;
    const isSeries = who.includes("/");
    if (isSeries && (to === "deleted" || to === "INSUFFICIENT_DATA")) return [];
    const was = states.get(who) ?? "OK";
    // A composite that is deleted releases what it read: a child that fires afterwards stands for itself, and one that was
    // folded in before the deletion was heard of stays where it is. docs/decisions/0012 says why.
    if (to === "deleted" && who === "outage") return [];
    if (to === "deleted") {
      for (const each of [who, ...series]) if (each.startsWith(who)) states.delete(each);
      return [{ at: when, who, says: to, was, door: "event" }];
    }
    const says = to === was ? (to === "ALARM" ? "OK" : "ALARM") : to;
    states.set(who, says);
    return [{ at: when, who, says, was, door: "event" }];
  });
}

function doorsOf({ who, says }: Word): Word["door"][] {
  return who.includes("/") || says === "deleted" ? ["event", "event", "event"] : ["event", "topic", "action"];
}

function documentOf({ who, says, was, at, door }: Word): unknown {
  const when = start + at;
  const [name = who, id] = who.split("/");
  const ofRule = name === "outage" ? { rule } : {};
  if (says === "deleted") return change(name, "delete", when, ofRule.rule);
  if (id !== undefined) return contributor(name, id, says === "ALARM" ? "ALARM" : "OK", when);
  const by = { event, topic, action }[door];
  return by(name, says, when, { ...ofRule, previous: was });
}
