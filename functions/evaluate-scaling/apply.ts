import { type Bus, type BusEvent, tell } from "../../shared/bus.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { readFreeze } from "../../shared/freezes.ts";
import { type Instant, iso, minute } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Log } from "../../shared/log.ts";
import { freezeOf } from "../../shared/scaling/calendar.ts";
import { keepRemembered, type Pending, type Remembered } from "../../shared/scaling/decisions.ts";
import { evaluate } from "../../shared/scaling/evaluate.ts";
import type { DecisionRecord } from "../../shared/scaling/types.ts";
import type { Actors } from "./act.ts";
import { everyMinutes } from "./cadence.ts";
import { carryOut } from "./carry-out.ts";
import { type Found, findingsOf, mended, operation, type ScalingRule, scalingRules } from "./findings.ts";
import { type Looked, undoneOf } from "./look.ts";
import type { Observers } from "./observers.ts";
import { tellFindings } from "./tell-findings.ts";

export interface Applying {
  observers: Observers;
  /** Null where nothing is to act: then there is nothing to act with. */
  actors: Actors | null;
  configuration: Configuration;
  ledger: Ledger;
  decisions: Ledger;
  bus: Bus;
  now: () => Instant;
  log: Log;
}

/** Keeps a decision, tells it where it is new, and does it where the target acts. In this order: what is begun is known to have begun. */
export async function apply(applying: Applying, looked: Looked): Promise<void> {
  const { configuration, decisions, log } = applying;
  const freed = await unlessFrozen(applying, looked);
  const acts = actsOn(applying, freed);
  const next = rememberedAfter(applying, freed, acts);
  const { found, cleared } = changesOf(freed, next);
  const { at } = freed.record.decision;
  const { name } = freed.target;
  await tellFindings(applying, name, at, [
    ...found.map((each) => ({ ...each, state: "raised" as const })),
    ...cleared.map((rule) => ({ rule, ...mended, state: "cleared" as const })),
  ]);
  const isNews = isNew(freed.remembered, next, freed.record);
  if (!isNews && !isWorthKeeping(freed.remembered, next)) return;
  const { decisionRetentionDays } = configuration.scaling;
  const kept = await keepRemembered(decisions, name, next, isNews ? freed.record : null, decisionRetentionDays);
  if (!kept) {
    log.info("somebody else evaluated the target at the same time", { target: name });
    return;
  }
  const { verdict, reason, explanation, capacityBefore, capacityAfter } = freed.record.decision;
  if (isNews)
    log.info("scaling decision", { target: name, verdict, reason, explanation, capacityBefore, capacityAfter, acts });
  // A bus that takes nothing holds up no change.
  if (acts) await carryOut(applying, freed, { ...next, version: next.version + 1 });
  if (isNews) await tell(applying.bus, [decisionEvent(freed, acts)]);
}

/**
 * The freeze is read before every act, and the calendar asked again: what is frozen since the minute of the evaluation is not done any
 * more.
 */
async function unlessFrozen(applying: Applying, looked: Looked): Promise<Looked> {
  if (!actsOn(applying, looked)) return looked;
  const read = await readFreeze(applying.ledger, operation);
  const freeze =
    read === null ? freezeOf(looked.target.name, applying.now(), applying.configuration) : frozenWords(read);
  if (freeze === null) return looked;
  const { question } = looked.record;
  const facts = question.facts === null ? null : { ...question.facts, freeze };
  return { ...looked, ...evaluate({ ...question, facts }) };
}

export function frozenWords({ by, reason }: { by: string; reason: string }): string {
  return `frozen by ${by}: ${reason}`;
}

function actsOn({ actors }: Applying, { record, target }: Looked): boolean {
  const { verdict, capacityBefore, capacityAfter } = record.decision;
  const isChange =
    (verdict === "out" || verdict === "in") && capacityAfter !== null && capacityAfter !== capacityBefore;
  return isChange && target.mode === "act" && actors !== null;
}

function rememberedAfter({ configuration }: Applying, looked: Looked, acts: boolean): Remembered {
  const { remembered, record, memory, seen } = looked;
  const { verdict, reason, rule, at } = record.decision;
  const { found, known } = findingsOf(looked);
  const pending = remembered.pending;
  const arrived = pending !== null && seen?.capacity === pending.wanted;
  const isLate = pending !== null && !arrived && at - pending.since > latestMs;
  const isOver = arrived || (!acts && !isLate && wantsNothing(record));
  const raised = scalingRules.filter(
    (each) =>
      found.some((one) => one.rule === each) ||
      (each === "not-applied" && isLate) ||
      (remembered.raised.includes(each) && !known.includes(each) && !(each === "not-applied" && isOver)),
  );
  return {
    memory,
    told: { verdict, reason, rule },
    raised,
    pending: acts ? begun(looked) : arrived || isLate || undoneOf(remembered, seen, at) !== null ? null : pending,
    everyMinutes: everyMinutes(record.question, record.decision, configuration),
    version: remembered.version,
  };
}

/** A change that is decided, as it is remembered before it is tried. */
function begun({ remembered, record }: Looked): Pending | null {
  const { capacityBefore: from, capacityAfter: wanted, at } = record.decision;
  if (wanted === null) return null;
  const again = remembered.pending?.wanted === wanted ? remembered.pending.since : at;
  return { from, wanted, at, since: again, before: record.question.memory };
}

/** Whether a change that did not come about is not wanted any more. */
function wantsNothing({ decision }: DecisionRecord): boolean {
  const { verdict, reason } = decision;
  if (verdict !== "hold") return false;
  return reason === null || ["not-sustained", "minimum", "maximum", "projection"].includes(reason);
}

/** A capacity that was asked for is there at once; ECS and EC2 only start what it means afterwards. */
const latestMs = 5 * minute;

function changesOf(looked: Looked, next: Remembered): { found: Found[]; cleared: ScalingRule[] } {
  const { found } = findingsOf(looked);
  const { raised } = looked.remembered;
  const late = { rule: "not-applied", ...lateWords(looked) } as const;
  const all: Found[] = next.raised.includes("not-applied") ? [...found, late] : found;
  return {
    found: all.filter(({ rule }) => !raised.includes(rule)),
    cleared: scalingRules.filter((rule) => raised.includes(rule) && !next.raised.includes(rule)),
  };
}

function lateWords({ target, remembered, seen }: Looked): Pick<Found, "message" | "remedy"> {
  const wanted = remembered.pending?.wanted ?? 0;
  const message = `${target.name} was given ${wanted}, and has ${seen?.capacity ?? "nobody knows what"} minutes later`;
  return { message, remedy: "look who changed it in between: CloudTrail knows; two that scale one target fight" };
}

/** What is decided as before is not told again; a change always is. */
function isNew({ told }: Remembered, next: Remembered, { decision }: DecisionRecord): boolean {
  if (decision.verdict === "out" || decision.verdict === "in") return true;
  return told === null || JSON.stringify(told) !== JSON.stringify(next.told);
}

/** That the out rule still holds is written down every few minutes only: a target may be hot for hours. */
function isWorthKeeping(before: Remembered, next: Remembered): boolean {
  const { hotAt: from, ...was } = before.memory;
  const { hotAt: to, ...is } = next.memory;
  const isHotter = to !== null && (from === null || to - from >= latestMs);
  const plain = ({ raised, pending, everyMinutes: every }: Remembered) => JSON.stringify([raised, pending, every]);
  return isHotter || JSON.stringify(was) !== JSON.stringify(is) || plain(before) !== plain(next);
}

function decisionEvent({ record, target }: Looked, acts: boolean): BusEvent {
  const { question: _question, decision } = record;
  const { at, cooldownUntil, ...rest } = decision;
  const detail = { version: 1, mode: acts ? "act" : "recommend", resource: target.resource, ...rest, at: iso(at) };
  return { type: "ScalingDecision", detail: { ...detail, cooldownUntil: cooldownUntil && iso(cooldownUntil) }, at };
}
