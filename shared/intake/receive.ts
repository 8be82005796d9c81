import type { Delivery, Unparsed } from "../delivery/types.ts";
import { Unavailable } from "../failures.ts";
import { blankThread } from "../incident/blank.ts";
import { decide } from "../incident/decide.ts";
import { isOpen } from "../incident/draft.ts";
import { digits } from "../incident/identity.ts";
import { decisionWrites, threadKey } from "../incident/rows.ts";
import { threadFrom } from "../incident/store.ts";
import { expiry } from "../ledger/rows.ts";
import { commit, readRows } from "../ledger/store.ts";
import { clipped } from "../text.ts";
import { changeConfiguration } from "./configuration-change.ts";
import { findingKey, hearFinding } from "./findings.ts";
import { hearAlarm, letGo, reclassify } from "./hearing.ts";
import type { Attempt, Received, Receiver } from "./receiver.ts";
import { rememberedFor } from "./seen.ts";

/** What our own sweep has to say of an alarm that it knows. */
export type OwnWord = { type: "let-go" | "reclassify"; arn: string };

/**
 * Takes one delivery to its end: what it says is in the ledger, together with all that follows from it, or it is
 * recognised as a repetition. Safe to repeat. Throws when the ledger cannot be reached, or when others were first too often.
 */
export async function receive(receiver: Receiver, delivery: Delivery | OwnWord): Promise<Received> {
  for (let attempt = 0; attempt < maximumAttempts; attempt++) {
    const received = await attemptOf(receiver, delivery);
    if (received !== null) return received;
    await receiver.pause(attempt);
  }
  throw new Unavailable(`others changed the same incident ${maximumAttempts} times in a row`);
}

/** As many invocations as may run at once could each be first once. */
const maximumAttempts = 25;
const maximumRaw = 32_768;

function attemptOf(receiver: Receiver, delivery: Delivery | OwnWord): Attempt<Received> {
  switch (delivery.type) {
    case "transition":
      return hearAlarm(receiver, delivery);
    case "finding":
      return hearFinding(receiver, findingKey(delivery), delivery);
    case "configuration":
      return changeConfiguration(receiver, delivery);
    case "unparsed":
      return takeUnparsed(receiver, delivery);
    case "let-go":
      return letGo(receiver, delivery.arn);
    case "reclassify":
      return reclassify(receiver, delivery.arn);
    default:
      return delivery satisfies never;
  }
}

async function takeUnparsed(receiver: Receiver, { door, path, problem, at, raw }: Unparsed): Attempt<Received> {
  const { ledger, configuration } = receiver;
  const now = receiver.now();
  const key = `unparsed|${door}|${path}`;
  const text = shown(raw);
  const seen = { ...threadKey(key), sk: { S: `seen#${digits(text)}` } };
  const [row = null, seenBefore = null] = await readRows(ledger, [threadKey(key), seen]);
  const thread = row === null ? blankThread(key) : threadFrom(row);
  // Nothing in it tells a repetition from another one that is alike: while the incident is open, nobody needs either.
  if (seenBefore !== null && isOpen(thread.incident)) return { outcome: "unparsed", unrouted: false };
  const command = { type: "unknown-shape", door, path, problem, at: at ?? now, raw: text } as const;
  const decision = decide(thread, thread.key, command, now, configuration);
  receiver.log.warn("delivery of unknown shape", { door, path, problem });
  if (decision.entries.length === 0) return { outcome: "unparsed", unrouted: false };
  const written = await commit(ledger, [
    ...decisionWrites(ledger.table, decision, now, configuration),
    { Put: { TableName: ledger.table, Item: { ...seen, ...expiry(now + rememberedFor) } } },
  ]);
  return written ? { outcome: "unparsed", unrouted: false } : null;
}

function shown(raw: unknown): string {
  try {
    return clipped(JSON.stringify(raw) ?? "", maximumRaw);
  } catch {
    return "nested too deeply to be shown";
  }
}
