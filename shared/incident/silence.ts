import type { Mute } from "../delivery/types.ts";
import type { Silence } from "./types.ts";

const beginning = "silence by ";

/** Our own mute of one alarm, while its key is silenced. */
export function silenceMute({ by, until }: Silence): Mute {
  return { by: `${beginning}${by}`, until };
}

/** Whether a mute is our own, which CloudWatch knows nothing of. */
export function isSilence({ by }: Mute): boolean {
  return by.startsWith(beginning);
}
