import { isOpen } from "../incident/draft.ts";
import { isFull } from "../incident/membership.ts";
import { type AlarmRecord, isRed } from "../incident/record.ts";
import { readAlarm, readThread } from "../incident/store.ts";
import type { Thread } from "../incident/types.ts";
import type { Receiver } from "./receiver.ts";

/**
 * The key of an alarm's incident: its own (configured, or its service), else that of its composite parent, else its ARN.
 * Of two parents the lowest ARN counts. `fresh` are records that are about to be written.
 */
export async function keyOf(
  { ledger }: Pick<Receiver, "ledger">,
  record: Pick<AlarmRecord, "arn" | "ownKey" | "parents">,
  fresh: readonly AlarmRecord[] = [],
): Promise<string> {
  let current = record;
  const passed = new Set<string>();
  while (current.ownKey === null && !passed.has(current.arn) && passed.size < maximumDepth) {
    passed.add(current.arn);
    const [parent] = current.parents;
    // Two composites that read each other: whoever comes first by its ARN is the key of both.
    if (parent === undefined) break;
    if (passed.has(parent)) return [...passed].sort()[0] ?? parent;
    const known = fresh.find(({ arn }) => arn === parent) ?? (await readAlarm(ledger, parent));
    current = known ?? { arn: parent, ownKey: null, parents: [] };
  }
  return current.ownKey ?? current.arn;
}

/** Where an alarm belongs: as long as it is red in an open incident, it stays there; where there is no room, it stands for itself. */
export async function threadFor(receiver: Receiver, before: AlarmRecord, record: AlarmRecord): Promise<Thread> {
  const key = await keyOf(receiver, record);
  if (before.thread !== null && before.thread !== key && isRed(before)) {
    const held = await readThread(receiver.ledger, before.thread);
    if (isOpen(held.incident) && held.incident.members[record.arn]?.red === true) return held;
  }
  const thread = await readThread(receiver.ledger, key);
  const { incident } = thread;
  const fits = !isOpen(incident) || !isFull(incident) || Object.hasOwn(incident.members, record.arn);
  return fits || key === record.arn ? thread : readThread(receiver.ledger, record.arn);
}

/** Composites of composites: more than people build. */
const maximumDepth = 10;
