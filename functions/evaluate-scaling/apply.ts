import { type Bus, type BusEvent, tell } from "../../shared/bus.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { reasonOf } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import { type Instant, iso, minute } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Log } from "../../shared/log.ts";
import { keepRemembered, type Remembered } from "../../shared/scaling/decisions.ts";
import { evaluate } from "../../shared/scaling/evaluate.ts";
import { scalingTag } from "../../shared/scaling/tags.ts";
import type { DecisionRecord } from "../../shared/scaling/types.ts";
import { type Actors, setCapacity } from "./act.ts";
import { everyMinutes } from "./cadence.ts";
import { lookAt } from "./facts.ts";
import { type Found, findingEvent, findingsOf, mended, operation, type ScalingRule, scalingRules } from "./findings.ts";
import type { Looked } from "./look.ts";
import type { Observers } from "./observers.ts";

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
  if (isNews) await tell(applying.bus, [decisionEvent(freed, acts)]);
  const { verdict, reason, explanation, capacityBefore, capacityAfter } = freed.record.decision;
  if (isNews)
    log.info("scaling decision", { target: name, verdict, reason, explanation, capacityBefore, capacityAfter, acts });
  if (acts) await act(applying, freed, { ...next, version: next.version + 1 });
}

/** The freeze is read before every act: what is frozen since the evaluation began is not done any more. */
async function unlessFrozen(applying: Applying, looked: Looked): Promise<Looked> {
  if (!actsOn(applying, looked)) return looked;
  const freeze = await readFreeze(applying.ledger, operation);
  if (freeze === null) return looked;
  const { question } = looked.record;
  const facts = question.facts === null ? null : { ...question.facts, freeze: frozenWords(freeze) };
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
  const { verdict, reason, rule, at, capacityAfter } = record.decision;
  const { found, known } = findingsOf(looked);
  const pending = remembered.pending;
  // The change that was begun is there; or it is not, long after: then it is a finding until the next change succeeds.
  const arrived = pending !== null && seen?.capacity === pending.wanted;
  const isLate = pending !== null && !arrived && at - pending.at > latestMs;
  const settled: ScalingRule[] = arrived ? ["not-applied"] : [];
  const raised = scalingRules.filter(
    (each) =>
      found.some((one) => one.rule === each) ||
      (each === "not-applied" && isLate) ||
      (remembered.raised.includes(each) && !known.includes(each) && !settled.includes(each)),
  );
  return {
    memory,
    told: { verdict, reason, rule },
    raised,
    pending: acts && capacityAfter !== null ? { wanted: capacityAfter, at } : arrived || isLate ? null : pending,
    everyMinutes: everyMinutes(record.question, record.decision, configuration),
    version: remembered.version,
  };
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

/** On the bus, where they become incidents; and in the log, for whoever looks at the dashboard. */
async function tellFindings(
  { bus, log, configuration }: Applying,
  target: string,
  at: Instant,
  findings: readonly (Found & { state: "raised" | "cleared" })[],
): Promise<void> {
  await tell(
    bus,
    findings.map(({ state, ...found }) => findingEvent(target, found, state, at, configuration)),
  );
  for (const { rule, state, message } of findings)
    log.info("scaling finding", { target, rule, state, reason: message });
}

function decisionEvent({ record, target }: Looked, acts: boolean): BusEvent {
  const { question: _question, decision } = record;
  const { at, cooldownUntil, ...rest } = decision;
  const detail = { version: 1, mode: acts ? "act" : "recommend", resource: target.resource, ...rest, at: iso(at) };
  return { type: "ScalingDecision", detail: { ...detail, cooldownUntil: cooldownUntil && iso(cooldownUntil) }, at };
}

/** On the condition of the capacity that was seen, and looked at again afterwards. */
async function act(applying: Applying, { target, record }: Looked, begun: Remembered): Promise<void> {
  const { observers, actors, log, decisions, configuration } = applying;
  const { capacityBefore, capacityAfter, at } = record.decision;
  if (actors === null || capacityAfter === null) return;
  const { name, resource } = target;
  const capacity = async () => {
    const [seen] = await lookAt(observers, [target]);
    return seen === undefined || "failure" in seen ? null : seen.capacity;
  };
  const outcome = await attempt(async () => {
    const found = await capacity();
    if (found !== capacityBefore) return `it has ${found ?? "nobody knows what"} by now, and not ${capacityBefore}`;
    await setCapacity(actors, resource, capacityAfter);
    return (await capacity()) === capacityAfter ? null : "later";
  });
  const retention = configuration.scaling.decisionRetentionDays;
  if (outcome === "later") return void log.info("capacity set, and not seen yet", { target: name, capacityAfter });
  if (outcome === null) {
    log.info("capacity set", { target: name, capacityBefore, capacityAfter });
    await keepRemembered(decisions, name, { ...begun, pending: null }, null, retention);
    return;
  }
  log.warn("capacity not set", { target: name, capacityBefore, capacityAfter, reason: outcome });
  const message = `${name} should go from ${capacityBefore} to ${capacityAfter}: ${outcome}`;
  const remedy = `it is tried again after the cooldown; if AWS refuses it, see that the resource has the tag ${scalingTag}`;
  const found: Found = { rule: "not-applied", message, remedy };
  await tellFindings(applying, name, at, [{ ...found, state: "raised" }]);
  const raised = [...new Set([...begun.raised, found.rule])];
  await keepRemembered(decisions, name, { ...begun, pending: null, raised }, null, retention);
}

/** Null when it was done; else why not. What AWS refuses is an outcome: the other targets go on. */
async function attempt(change: () => Promise<string | null>): Promise<string | null> {
  try {
    return await change();
  } catch (error) {
    return reasonOf(error);
  }
}
