import fc from "fast-check";
import { expect, test } from "vitest";
import { alarmStates } from "../../shared/delivery/types.ts";
import { type Command, decide } from "../../shared/incident/decide.ts";
import { memberOf } from "../../shared/incident/member.ts";
import { type AlarmRecord, blankRecord, hear, isRed, isStale } from "../../shared/incident/record.ts";
import type { Thread } from "../../shared/incident/types.ts";
import { hour, type Instant, minute } from "../../shared/instant.ts";
import { severities } from "../../shared/severity.ts";
import { policy } from "./stage.ts";
import { arnOf, muteRuleArn, start } from "./stories.ts";

// Decisions are pure: the same arguments give the same answer, and nothing that was given is changed.

interface Move {
  name: string;
  state: (typeof alarmStates)[number];
  severity: (typeof severities)[number];
  kind: "heard" | "tick" | "acknowledge" | "note" | "raise" | "resolve" | "silence" | "unknown-shape";
  gapMs: number;
  lateMs: number;
  mutedMs: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  name: fc.constantFrom("cpu", "disk", "log"),
  state: fc.constantFrom(...alarmStates),
  severity: fc.constantFrom(...severities),
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant("heard" as const) },
    { weight: 3, arbitrary: fc.constant("tick" as const) },
    fc.constantFrom("acknowledge", "note", "raise", "resolve", "silence", "unknown-shape"),
  ),
  gapMs: fc.oneof(fc.integer({ min: 1, max: minute }), fc.integer({ min: minute, max: hour })),
  lateMs: fc.constantFrom(0, 0, 0, 3 * minute, hour),
  mutedMs: fc.constantFrom(0, 0, 0, 20 * minute),
});

const by = "Ada";

/** The command of a move, and what is known of its alarm afterwards. */
function commandOf(each: Move, records: Map<string, AlarmRecord>, now: Instant): Command {
  switch (each.kind) {
    case "heard":
      return heardOf(each, records, now);
    case "tick":
      return { type: "tick" };
    case "acknowledge":
      return { type: "acknowledge", by };
    case "note":
      return { type: "note", by, text: "looking" };
    case "raise":
      return { type: "raise", by, severity: each.severity };
    case "resolve":
      return { type: "resolve", by, text: "done" };
    case "silence":
      return { type: "silence", by, reason: "work", until: now + each.lateMs };
    case "unknown-shape":
      return { type: "unknown-shape", door: "event", path: "source", problem: "?", at: now, raw: "{}" };
    default:
      return each.kind satisfies never;
  }
}

function heardOf({ name, state, severity, lateMs, mutedMs }: Move, records: Map<string, AlarmRecord>, now: Instant) {
  const before = records.get(name) ?? blankRecord(arnOf(name), name, "alarm");
  const at = now - lateMs;
  const mute = mutedMs === 0 ? null : { by: muteRuleArn("work"), until: now + mutedMs };
  const heard = { state, at, mute, source: "", provesNoMute: mutedMs === 0 };
  const record = hear(before, heard);
  records.set(name, record);
  return {
    type: "heard",
    member: memberOf(record, severity, policy),
    service: "shop",
    team: "operations",
    at,
    outcome: isStale(before, heard) ? "stale" : "applied",
    rose: !isRed(before) && isRed(record),
    reason: "Threshold Crossed",
    placed: "",
  } as const;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

test("decide gives the same answer twice, and changes nothing that it was given", () => {
  const frozenPolicy = frozen(structuredClone(policy));
  let entries = 0;
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 30, size: "max" }), (moves) => {
      const records = new Map<string, AlarmRecord>();
      let thread: Thread | null = null;
      let now = start;
      for (const each of moves) {
        now += each.gapMs;
        const command = frozen(commandOf(each, records, now));
        const before = structuredClone({ thread, command });
        const decision = decide(thread, "shop", command, now, frozenPolicy);
        const again = decide(structuredClone(thread), "shop", structuredClone(command), now, frozenPolicy);
        expect(again).toEqual(decision);
        expect({ thread, command }).toEqual(before);
        entries += decision.entries.length;
        thread = frozen(decision.thread);
      }
    }),
    { numRuns: 300 },
  );
  expect(entries).toBeGreaterThan(1_000);
});
