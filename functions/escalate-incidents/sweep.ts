import { reasonOf } from "../../shared/failures.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";
import type { Absences } from "./absences.ts";

/** One sweep under way. */
export interface Sweep {
  receiver: Receiver;
  /** Where our own CloudWatch looks. */
  home: { account: string; region: string };
  absences: Absences;
  failures: string[];
  hasTime: () => boolean;
}

/** One thing that fails holds up no other; the sweep as a whole fails all the same. True when it did not. */
export async function attempt(
  { receiver, failures }: Sweep,
  what: string,
  act: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const reason = reasonOf(error);
    failures.push(`${what}: ${reason}`);
    receiver.log.error("sweep failed", { what, reason });
    return false;
  }
}
