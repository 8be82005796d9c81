import type { Finding } from "../delivery/types.ts";
import { teamOfFinding } from "../incident/classify.ts";
import { blankRecord, type Heard, hear, isRed, isStale } from "../incident/record.ts";
import { alarmKey, seenKey } from "../incident/rows.ts";
import { recordFrom } from "../incident/store.ts";
import { readRows } from "../ledger/store.ts";
import { plausible } from "./plausible.ts";
import type { Attempt, Received, Receiver } from "./receiver.ts";
import { seenFrom, twinOf } from "./seen.ts";
import { write } from "./write.ts";

/** A finding is raised or cleared as an alarm turns red or OK. */
export async function hearFinding(receiver: Receiver, key: string, finding: Finding): Attempt<Received> {
  const { severity, message, remedy } = finding;
  const at = plausible(receiver, finding.at);
  const state = finding.state === "raised" ? "ALARM" : "OK";
  const [row = null, seenBefore = null] = await readRows(receiver.ledger, [
    alarmKey(key),
    seenKey(key, "", finding.at),
  ]);
  const before = row === null ? blankRecord(key, key, "finding") : recordFrom(row);
  const seen = seenFrom(seenBefore);
  const word = { state, previous: null, at: finding.at } as const;
  if (twinOf(seen, word) !== null) return { outcome: "duplicate", unrouted: false };
  const heard: Heard = { state, at, mute: null, source: "", provesNoMute: true };
  const stale = isStale(before, heard);
  const team = teamOfFinding(key, receiver.configuration);
  const written = await write(receiver, {
    before,
    record: { ...hear(before, heard), ownKey: key },
    classification: { key, service: null, severity, team, rule: null, unrouted: false },
    at,
    stale,
    reason: `${message} (remedy: ${remedy})`,
    rose: !isRed(before) && state === "ALARM" && !stale,
    seen: { source: "", stamp: finding.at, words: [...seen, word] },
  });
  return written ? { outcome: stale ? "stale" : "applied", unrouted: false } : null;
}

/** A finding's key, and the name of what it is about. */
export function findingKey({ operation, rule, resource }: Pick<Finding, "operation" | "rule" | "resource">): string {
  return `${operation}|${rule}|${resource}`;
}
