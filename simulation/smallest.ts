import { type DaysOptions, type DaysReport, type Only, simulateDays } from "./days.ts";

/** What of a world is enough for it to fail, and how. */
export interface Smallest {
  stories: string[];
  faults: string[];
  /** How many worlds were tried for it. */
  tried: number;
}

/**
 * The smallest part of a failing world that could be found and that still fails in the same way: its stories first, then its
 * faults. Greedy: it ends where leaving out any one thing more makes the failure go away, or when the time is up.
 */
export async function smallestFailing(options: DaysOptions, maximumMs = 30_000): Promise<Smallest> {
  const end = performance.now() + maximumMs;
  const whole = await simulateDays(options);
  const wanted = failureOf(whole);
  const found = { stories: [...whole.stories], faults: [...whole.injected], tried: 1 };
  const fails = async (only: Only): Promise<boolean> => {
    if (performance.now() > end) return false;
    found.tried += 1;
    return failureOf(await simulateDays({ ...options, only })) === wanted;
  };
  found.stories = await fewest(found.stories, (some) => fails({ stories: new Set(some), faults: null }));
  const stories = new Set(found.stories);
  // Where less happens other faults are drawn, so only now is it known which there are.
  const { injected } = await simulateDays({ ...options, only: { stories, faults: null } });
  found.tried += 1;
  found.faults = await fewest(injected, (some) => fails({ stories, faults: new Set(some) }));
  return found;
}

/** The first promise that a world breaks; null when it keeps them all. */
function failureOf({ promises }: DaysReport): string | null {
  return promises.find(({ broken }) => broken.length > 0)?.name ?? null;
}

/** Leaves out half of the things, then a quarter, then one by one until there is none more that can go. */
async function fewest(all: readonly string[], fails: (some: readonly string[]) => Promise<boolean>): Promise<string[]> {
  let kept = [...all];
  let size = Math.ceil(kept.length / 2);
  while (size >= 1) {
    const before = kept.length;
    for (let from = 0; from < kept.length; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await fails(without)) kept = without;
      else from += size;
    }
    // What could not go before may go now that others have gone.
    if (size > 1) size = Math.ceil(size / 2);
    else if (kept.length === before) size = 0;
  }
  return kept;
}
