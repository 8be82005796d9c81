import { type Instant, second } from "../instant.ts";
import type { Question } from "./types.ts";

/** When the cooldown after the last change ends; null when it has. */
export function cooldownUntil({ memory, policy, at }: Question): Instant | null {
  const { afterOut, afterIn } = policy.cooldownSeconds;
  const ends = [
    ...(memory.lastOut === null ? [] : [memory.lastOut + afterOut * second]),
    ...(memory.lastIn === null ? [] : [memory.lastIn + afterIn * second]),
  ];
  const until = Math.max(0, ...ends);
  return until > at ? until : null;
}
