import { Broken } from "../shared/failures.ts";
import type { Instant } from "../shared/instant.ts";

/** Time that passes only when it is told to. */
export interface Clock {
  now(): Instant;
  /**
   * Runs `act` at that instant; of two at the same instant, lower rank first, then in the order they were asked for.
   * What is asked for in the past runs at the present instant.
   */
  at(when: Instant, rank: number, act: () => Promise<void> | void): void;
  /** The instant of the next act, null when there is none. */
  next(): Instant | null;
  /**
   * Jumps from due act to due act, in order, until `until` (inclusive); then `now()` is `until`. Each act is awaited
   * before the next begins. Rejects with what an act threw: that act is gone, and the rest can be run by another call.
   */
  runUntil(until: Instant): Promise<void>;
  /**
   * Moves time forward without running anything: an act does it to say how long it took. Throws Broken if that is
   * backwards, or if acts are due before.
   */
  set(at: Instant): void;
}

interface Act {
  when: Instant;
  rank: number;
  /** How many were asked for before it. */
  order: number;
  act: () => Promise<void> | void;
}

/** More acts than this at one instant are a loop, not a busy moment. */
const maximumActsAtOneInstant = 1_000_000;

export function createClock(start: Instant): Clock {
  if (!Number.isFinite(start)) throw new Broken(`no clock starts at ${start}`);
  const heap: Act[] = [];
  let now = start;
  let asked = 0;
  let running = false;

  async function runDue(until: Instant): Promise<void> {
    let acts = 0;
    for (let due = heap[0]; due !== undefined && due.when <= until; due = heap[0]) {
      acts = due.when > now ? 1 : acts + 1;
      if (acts > maximumActsAtOneInstant) throw new Broken(`time stands still at ${now}: act follows act`);
      removeFirst(heap);
      now = due.when;
      await due.act();
    }
    now = Math.max(now, until);
  }

  return {
    now: () => now,
    at(when, rank, act) {
      if (!Number.isFinite(when) || !Number.isFinite(rank))
        throw new Broken(`no act runs at ${when} with rank ${rank}`);
      insert(heap, { when: Math.max(when, now), rank, order: asked++, act });
    },
    next: () => heap[0]?.when ?? null,
    async runUntil(until) {
      if (running) throw new Broken("an act cannot run the clock that runs it");
      if (!Number.isFinite(until) || until < now) throw new Broken(`time does not run from ${now} to ${until}`);
      running = true;
      try {
        await runDue(until);
      } finally {
        running = false;
      }
    },
    set(at) {
      if (!Number.isFinite(at) || at < now) throw new Broken(`time does not move from ${now} to ${at}`);
      const due = heap[0]?.when;
      if (due !== undefined && due < at) throw new Broken(`an act is due at ${due}, before ${at}`);
      now = at;
    },
  };
}

// A binary heap: the children of the act at `index` stand at twice that and one or two more, and never run before it.

function insert(heap: Act[], added: Act): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !before(added, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = added;
}

function removeFirst(heap: Act[]): void {
  const moved = heap.pop();
  if (moved === undefined || heap.length === 0) return;
  let index = 0;
  for (let child = heap[1]; child !== undefined; child = heap[2 * index + 1]) {
    let childIndex = 2 * index + 1;
    const sibling = heap[childIndex + 1];
    if (sibling !== undefined && before(sibling, child)) {
      child = sibling;
      childIndex++;
    }
    if (!before(child, moved)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = moved;
}

function before(left: Act, right: Act): boolean {
  if (left.when !== right.when) return left.when < right.when;
  if (left.rank !== right.rank) return left.rank < right.rank;
  return left.order < right.order;
}
