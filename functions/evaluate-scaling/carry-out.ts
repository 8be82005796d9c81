import { reasonOf } from "../../shared/failures.ts";
import { keepRemembered, type Remembered } from "../../shared/scaling/decisions.ts";
import type { Target } from "../../shared/scaling/policy.ts";
import { scalingTag } from "../../shared/scaling/tags.ts";
import { setCapacity } from "./act.ts";
import type { Applying } from "./apply.ts";
import { lookAt } from "./facts.ts";
import { type Found, mended, type ScalingRule } from "./findings.ts";
import type { Looked } from "./look.ts";
import { tellFindings } from "./tell-findings.ts";

/** What came of a change: it is there, or nobody knows yet, or why it is not. */
type Outcome = "done" | "unseen" | { reason: string; isFinal: boolean };

/**
 * Does what was decided, on the condition of the capacity that was seen, and looks at it again afterwards. What cannot be said to
 * have failed for good is left as begun: the next minute sees what came of it.
 */
export async function carryOut(applying: Applying, { target, record }: Looked, begun: Remembered): Promise<void> {
  const { log, decisions, configuration } = applying;
  const { capacityBefore, capacityAfter, at } = record.decision;
  if (capacityAfter === null) return;
  const { name } = target;
  const keep = (changed: Pick<Remembered, "raised"> & Partial<Pick<Remembered, "memory">>) =>
    keepRemembered(
      decisions,
      name,
      { ...begun, ...changed, pending: null },
      null,
      configuration.scaling.decisionRetentionDays,
    );
  const outcome = await attempt(applying, target, capacityBefore, capacityAfter);
  const fields = { target: name, capacityBefore, capacityAfter };
  const rule: ScalingRule = "not-applied";
  if (outcome === "done") {
    log.info("capacity set", fields);
    if (begun.raised.includes(rule)) await tellFindings(applying, name, at, [{ rule, ...mended, state: "cleared" }]);
    await keep({ raised: begun.raised.filter((each) => each !== rule) });
    return;
  }
  if (outcome === "unseen") return void log.info("capacity set, and not seen yet", fields);
  log.warn("capacity not set", { ...fields, reason: outcome.reason });
  if (!outcome.isFinal) return;
  const message = `${name} should go from ${capacityBefore} to ${capacityAfter}: ${outcome.reason}`;
  const remedy = `it is tried again after the cooldown; if AWS refuses it, see that the resource has the tag ${scalingTag}`;
  const found: Found = { rule, message, remedy };
  if (!begun.raised.includes(rule)) await tellFindings(applying, name, at, [{ ...found, state: "raised" }]);
  // It is as if it had never been decided, but for a short pause: nothing is learnt from what did not come about.
  const { before = begun.memory } = begun.pending ?? {};
  const memory = { ...before, hotAt: begun.memory.hotAt, lastOut: at };
  await keep({ raised: [...new Set([...begun.raised, rule])], memory });
}

async function attempt(
  { observers, actors }: Applying,
  target: Target,
  before: number | null,
  after: number,
): Promise<Outcome> {
  const capacity = async () => {
    const [seen] = await lookAt(observers, [target]);
    return seen === undefined || "failure" in seen ? null : seen.capacity;
  };
  try {
    const found = await capacity();
    if (found === after) return "done";
    if (found === null) return { reason: "nobody can say what it has by now", isFinal: false };
    if (found !== before) return { reason: `it has ${found} by now, and not ${before}`, isFinal: true };
    if (actors === null) return { reason: "there is nothing to act with", isFinal: true };
    await setCapacity(actors, target.resource, after);
    return (await capacity()) === after ? "done" : "unseen";
  } catch (error) {
    return { reason: reasonOf(error), isFinal: isFinal(error) };
  }
}

/** Whether AWS refuses it for good. What it throttles, what gets no answer, and what another change holds up may still be done. */
function isFinal(error: unknown): boolean {
  const { name, $fault } = Object(error);
  return $fault !== "server" && ($fault === "client" || name === "Refused") && !passing.test(String(name));
}

const passing =
  /Throttl|TooManyRequests|RequestLimitExceeded|ScalingActivityInProgress|ConcurrentUpdate|UpdateInProgress/;
