import { minute } from "../instant.ts";
import { cooldownUntil } from "./cooldown.ts";
import type { HoldReason, Judged, Question } from "./types.ts";
import { shown, shownTime } from "./words.ts";

/** What stands between a rule that holds and a change. */
export interface Held {
  reason: HoldReason;
  why: string;
}

/** The first obstacle; null when there is none. A bound is named before what passes by itself. */
export function held(question: Question, metrics: readonly Judged[], direction: "out" | "in"): Held | null {
  return (
    bounds(question, direction) ??
    circumstances(question) ??
    waiting(question, direction) ??
    projected(question, metrics, direction)
  );
}

function bounds({ policy, facts }: Question, direction: "out" | "in"): Held | null {
  const capacity = facts?.capacity ?? null;
  if (facts === null || capacity === null) return null;
  const { floor, limits } = facts;
  if (direction === "out") {
    const maximum = Math.min(policy.maximum ?? Number.POSITIVE_INFINITY, limits?.maximum ?? Number.POSITIVE_INFINITY);
    if (capacity < maximum) return null;
    return { reason: "maximum", why: `it has ${capacity}, and its maximum is ${maximum}` };
  }
  if (floor !== null && floor.minimum > policy.minimum && capacity <= floor.minimum) {
    return { reason: "minimum", why: `it has ${capacity}, and ${floor.name} asks for ${floor.minimum}` };
  }
  const minimum = Math.max(policy.minimum, limits?.minimum ?? 0);
  if (capacity > minimum) return null;
  return { reason: "minimum", why: `it has ${capacity}, and its minimum is ${minimum}` };
}

function circumstances({ facts }: Question): Held | null {
  if (facts === null) return null;
  const { freeze, foreign, deployment } = facts;
  if (freeze !== null) return { reason: "freeze", why: freeze };
  if (foreign !== null) return { reason: "foreign-autoscaler", why: foreign };
  if (deployment !== null) return { reason: "deployment", why: deployment };
  return null;
}

function waiting(question: Question, direction: "out" | "in"): Held | null {
  const { memory, at } = question;
  const until = cooldownUntil(question);
  if (until !== null) return { reason: "cooldown", why: `a cooldown lasts until ${shownTime(until)}` };
  if (direction === "out" || memory.hotAt === null) return null;
  const stableAt = memory.hotAt + memory.stabilisationMinutes * minute;
  if (at > stableAt) return null;
  const why = `a point was above an out threshold at ${shownTime(memory.hotAt)}, and a scale-in waits until that is more than ${memory.stabilisationMinutes} min ago`;
  return { reason: "cooldown", why };
}

/** No scale-in after which the same load would come within the margin of the out threshold. */
function projected({ policy }: Question, metrics: readonly Judged[], direction: "out" | "in"): Held | null {
  if (direction === "out") return null;
  for (const { metric, projected: value } of metrics) {
    const out = policy.rules.find((rule) => rule.metric === metric)?.out;
    if (!out || value === null || value < out.above - policy.projectionMargin) continue;
    const reach = Number.isFinite(value) ? `would reach ${shown(value)}` : "would have no capacity at all";
    const limit = `${out.above} less the margin of ${policy.projectionMargin}`;
    return { reason: "projection", why: `with one step less ${metric} ${reach}, and the limit is ${limit}` };
  }
  return null;
}
