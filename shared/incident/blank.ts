import type { Thread } from "./types.ts";

export function blankThread(key: string): Thread {
  return { key, incident: null, echoes: {}, silence: null, version: 0 };
}
