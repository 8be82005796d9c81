import { Unavailable } from "../failures.ts";
import { decide, type PersonCommand } from "../incident/decide.ts";
import { decisionWrites } from "../incident/rows.ts";
import { readIncident, readThread } from "../incident/store.ts";
import { commit } from "../ledger/store.ts";
import type { Receiver } from "./receiver.ts";

/** What became of what somebody asked for: null when it was done, else why it was not, in a line for them. */
export type Answer = string | null;

/** Does what a responder says of an incident. `incident` is its id; one that was merged leads to the one it was merged into. */
export async function respond(receiver: Receiver, incident: string, command: PersonCommand): Promise<Answer> {
  const found = await survivorOf(receiver, incident);
  if (found === null) return `there is no incident ${incident}`;
  return respondUnder(receiver, found.key, command, found.id);
}

/** The same for a key, which may have no incident yet: a silence can come first. */
export async function respondUnder(
  receiver: Receiver,
  key: string,
  command: PersonCommand,
  incident: string | null = null,
): Promise<Answer> {
  const { ledger, configuration } = receiver;
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const now = receiver.now();
    const thread = await readThread(ledger, key);
    if (incident !== null && thread.incident?.id !== incident) return `${incident} is over; another has its key now`;
    const decision = decide(thread, key, command, now, configuration);
    if (decision.refused !== null) return decision.refused;
    if (await commit(ledger, decisionWrites(ledger.table, decision, now, configuration))) return null;
    await receiver.pause(attempt);
  }
  throw new Unavailable(`others changed the incident ${maximumAttempts} times in a row`);
}

const maximumAttempts = 25;
/** So many incidents may have been merged one into the other. */
const maximumMerges = 10;

async function survivorOf({ ledger }: Receiver, incident: string): Promise<{ id: string; key: string } | null> {
  let id = incident;
  for (let merges = 0; merges < maximumMerges; merges++) {
    const found = await readIncident(ledger, id);
    if (found === null || found.mergedInto === null) return found;
    id = found.mergedInto;
  }
  return null;
}
