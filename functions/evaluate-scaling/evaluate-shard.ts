import { reasonOf, Unavailable } from "../../shared/failures.ts";
import { readFreeze } from "../../shared/freezes.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { type Remembered, readRemembered } from "../../shared/scaling/decisions.ts";
import type { Meter } from "../../shared/scaling/metrics.ts";
import { type Applying, apply, frozenWords } from "./apply.ts";
import { isDue } from "./cadence.ts";
import { operation } from "./findings.ts";
import { type Looked, type Looking, look } from "./look.ts";
import { chunks } from "./observers.ts";
import type { Dependencies } from "./run.ts";
import type { Shard } from "./shards.ts";

/** What came of one shard. */
export interface Evaluated {
  failures: string[];
}

/** Evaluates the targets of one shard that are due, and does what is to be done. A target that fails touches no other. */
export async function evaluateShard({ at, targets }: Shard, dependencies: Dependencies): Promise<Evaluated> {
  const { observers, configuration, log, deadline, warm } = dependencies;
  const ledger: Ledger = { client: dependencies.ledger, table: dependencies.table };
  const decisions: Ledger = { client: dependencies.ledger, table: dependencies.decisionsTable };
  const freeze = await readFreeze(ledger, operation);
  const remembered = await readRemembered(
    decisions,
    targets.map(({ policy }) => policy),
  );
  const candidates = targets.flatMap((target, index) => {
    const own = remembered[index];
    const isWanted =
      own !== undefined && isDue(target.name, own.everyMinutes, at, configuration) && !isChanged(own, at);
    return isWanted ? [{ target, remembered: own }] : [];
  });
  const meter: Meter = { calls: 0, metrics: 0, points: 0 };
  const frozen = freeze === null ? null : frozenWords(freeze);
  const looking: Looking = {
    observers,
    configuration,
    at,
    frozen,
    ask: "needed",
    recollections: warm.recollections,
    meter,
  };
  const looked = await look(looking, candidates);
  const failures: string[] = [];
  const applying = { ...dependencies, ledger, decisions };
  for (const some of chunks(looked, atOnce)) {
    const outcomes = await Promise.all(some.map((each) => applied(applying, each, deadline)));
    failures.push(...outcomes.flat());
  }
  log.info("shard evaluated", { ...counted(looked), ...meter });
  return { failures };
}

/** So many targets are changed at the same time: one by one, a shard of which all are busy would take longer than there is. */
const atOnce = 10;

/** What went wrong, in sentences. */
async function applied(applying: Applying, looked: Looked, deadline: () => Instant): Promise<string[]> {
  const { name: target } = looked.target;
  if (applying.now() >= deadline()) return [`${target}: no time was left`];
  const reasons = looked.failure === null ? [] : [looked.failure];
  try {
    await apply(applying, looked);
  } catch (error) {
    reasons.push(reasonOf(error));
  }
  for (const reason of reasons) applying.log.warn("target not evaluated", { target, reason });
  return reasons.map((reason) => `${target}: ${reason}`);
}

/** A shard may come twice. What was changed in it already would only be held now, by its own cooldown, under the same minute. */
function isChanged({ memory }: Remembered, at: Instant): boolean {
  return Math.max(memory.lastOut ?? 0, memory.lastIn ?? 0) >= at;
}

/** What was decided, by verdict. */
function counted(looked: readonly Looked[]): Record<string, number> {
  const counts: Record<string, number> = { targets: looked.length, out: 0, in: 0, hold: 0, unknown: 0 };
  for (const { record } of looked) counts[record.decision.verdict] = (counts[record.decision.verdict] ?? 0) + 1;
  return counts;
}

/** The targets that worked are done; the shard comes again for the others, and those that are done decide the same. */
export function throwFailures({ failures }: Evaluated): void {
  const [first] = failures;
  if (first !== undefined) throw new Unavailable(`${failures.length} targets were not evaluated, the first: ${first}`);
}
