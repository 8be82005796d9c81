import type { Instant } from "../../shared/instant.ts";

/** What a scene has come to pass later. It has happened before whatever is asked at that instant, in the order of the instants. */
export interface Timeline {
  at(instant: Instant, change: () => void): void;
  /** Brings about all that is due. */
  settle(): void;
}

export function createTimeline(now: () => Instant): Timeline {
  const due: { instant: Instant; change: () => void }[] = [];
  return {
    at(instant, change) {
      const index = due.findLastIndex((other) => other.instant <= instant);
      due.splice(index + 1, 0, { instant, change });
    },
    settle() {
      for (let next = due[0]; next !== undefined && next.instant <= now(); next = due[0]) {
        due.shift();
        next.change();
      }
    },
  };
}
