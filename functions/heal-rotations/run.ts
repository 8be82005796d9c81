import { Unavailable } from "../../shared/failures.ts";
import { healStuck } from "./stuck.ts";
import { healSuccessions } from "./successions.ts";
import { attempt, type Dependencies, isFrozen, type Sweep } from "./sweep.ts";

/**
 * What rotations have left behind: previous credentials whose grace is over, readers to refresh, and once an hour versions that
 * are stuck. It says `sweep complete` when it came to its end with nothing left out: that is its heartbeat.
 */
export async function run(_event: unknown, dependencies: Dependencies): Promise<void> {
  const { ledger, table, deadline, now, log } = dependencies;
  const hasTime = () => now() < deadline();
  const sweep: Sweep = { ...dependencies, ledger: { client: ledger, table }, failures: [], hasTime };
  if (!(await isFrozen(sweep))) {
    await attempt(sweep, "successions", () => healSuccessions(sweep));
    await attempt(sweep, "stuck", () => healStuck(sweep));
  }
  if (sweep.failures.length === 0 && hasTime()) {
    log.info("sweep complete");
    return;
  }
  const [first = "no time left"] = sweep.failures;
  throw new Unavailable(`the sweep is incomplete, ${sweep.failures.length} failures, the first of them: ${first}`);
}
