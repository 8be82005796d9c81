/** Nightshift's own alarms: id → what it means in a sentence. Each id is a heading of docs/operating.md. */
const meanings = {
  "open-incidents-errors": "Opening incidents fails again and again: alarms may not become incidents.",
  "open-incidents-throttles": "Lambda holds open-incidents back: alarms become incidents late.",
  "open-incidents-dead-letters": "Deliveries were given up: at least one alarm has not become an incident.",
  "open-incidents-queue-age": "Deliveries wait in the queue: alarms become incidents late.",
  "escalate-incidents-errors": "The sweep fails again and again: nothing escalates while it does.",
  "escalate-incidents-throttles": "Lambda holds the sweep back: escalations are late.",
  "escalate-incidents-dead-letters": "The scheduler could not start the sweep.",
  "escalate-incidents-heartbeat": "No sweep was completed for three minutes: nothing escalates.",
  "notify-responders-errors": "Sending pages fails again and again: people may not be told.",
  "notify-responders-throttles": "Lambda holds the sender back: pages are late.",
  "notify-responders-dead-letters": "The ledger's stream or the scheduler could not start the sender.",
  "notify-responders-heartbeat": "The sender completed no sweep for three minutes: pages are late or missing.",
  "notify-responders-undelivered": "A page was given up: somebody was not told.",
  "rotate-secrets-errors": "Steps of rotations fail again and again: credentials may grow too old.",
  "rotate-secrets-throttles": "Lambda holds rotations back: they are late.",
  "rotate-secrets-dead-letters":
    "An invocation of rotate-secrets that nobody waited for was given up: only Secrets Manager may call it.",
  "heal-rotations-errors": "What rotations leave behind is not tidied up: previous credentials may live on.",
  "heal-rotations-throttles": "Lambda holds heal-rotations back: previous credentials are retired late.",
  "heal-rotations-dead-letters": "The scheduler could not start heal-rotations.",
  "heal-rotations-heartbeat":
    "heal-rotations completed no sweep for fifteen minutes: previous credentials may live on.",
  "audit-secrets-errors": "Audits of secrets fail: what is wrong with a secret may not be found.",
  "audit-secrets-throttles": "Lambda holds the audit of secrets back: findings are late.",
  "audit-secrets-dead-letters": "The scheduler could not start the audit of secrets.",
  "audit-secrets-heartbeat": "No audit of secrets was completed for three cadences: nobody watches their age.",
  "evaluate-scaling-errors": "The evaluation of scaling fails again and again: nothing is scaled while it does.",
  "evaluate-scaling-throttles": "Lambda holds the evaluation of scaling back: capacity follows the load late.",
  "evaluate-scaling-dead-letters": "The scheduler could not start the evaluation of scaling, or a shard was given up.",
  "evaluate-scaling-heartbeat": "Scaling was not planned for three minutes: capacity does not follow the load.",
  "evaluate-scaling-shards-failed": "Shards of targets fail again and again: some targets are not evaluated.",
  "verify-backups-errors": "The verification of backups fails: a breached objective may not be found.",
  "verify-backups-throttles": "Lambda holds the verification of backups back: findings are late.",
  "verify-backups-dead-letters": "The scheduler could not start the verification of backups.",
  "verify-backups-heartbeat": "No verification of backups was completed for three cadences: nobody watches their age.",
} as const;

export type AlarmId = keyof typeof meanings;

export interface OwnAlarm {
  id: string;
  meaning: string;
  /** The heading in docs/operating.md, as it stands there. */
  heading: string;
  anchor: string;
}

export const ownAlarms: readonly OwnAlarm[] = Object.entries(meanings).map(([id, meaning]) => ({
  id,
  meaning,
  heading: `### ${id}`,
  anchor: `#${id}`,
}));

/** The text of an alarm: what it means, and where the runbook stands. `runbook` is the address of docs/operating.md. */
export function describeAlarm(id: AlarmId, runbook: string): string {
  return `${meanings[id]} What to do: ${runbook}#${id}`;
}
