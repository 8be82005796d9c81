import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { reasonOf } from "../../shared/failures.ts";
import { incidentKey, type Outgoing, outgoingFrom, sentRow } from "../../shared/incident/rows.ts";
import { isSuperfluous } from "../../shared/incident/superfluous.ts";
import type { Incident } from "../../shared/incident/types.ts";
import { type Instant, iso, minute, second } from "../../shared/instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, readRows } from "../../shared/ledger/store.ts";
import { channels } from "./channels/channel.ts";
import { backoff, calm, decideStorm, type Storm, stormClass } from "./decide.ts";
import { claim, giveUp, postpone, withdraw } from "./outbox.ts";
import { clockSkew, type Sender } from "./sender.ts";
import { foldInto, stormKey } from "./summary.ts";

/**
 * One message, from its place in the outbox to the channel. It is claimed first, so that of two senders one sends it;
 * a sender that dies in between loses its claim after a while. A lost race or a refusal is no failure.
 */
export async function deliver(sender: Sender, wanted: Outgoing): Promise<void> {
  for (let again = 0; again < maximumAttempts; again++) {
    if (await attempt(sender, wanted)) return;
    await sender.pause(again);
  }
  sender.log.warn("others claim the same messages", { page: wanted.id });
}

const maximumAttempts = 5;

/** False when the claim was lost to somebody else's write: look again. */
async function attempt(
  sender: Sender,
  { pk, sk, incident: id, audience, severity, channel }: Outgoing,
): Promise<boolean> {
  const { ledger, now, configuration } = sender;
  const at = now();
  const key = { pk: { S: pk }, sk: { S: sk } };
  const storms = stormKey(audience, stormClass(severity), channel);
  const [row, stormRow, incidentRow] = await readRows(ledger, [key, storms, ...(id === null ? [] : [incidentKey(id)])]);
  if (row?.queue?.S === undefined || row.order?.S === undefined || row.order.S > iso(at + clockSkew)) return true;
  const message = outgoingFrom(row);
  const incident = incidentRow ? parse<Incident>(incidentRow) : null;
  if (incident !== null && isSuperfluous(message, incident)) {
    return commit(ledger, [withdraw(ledger.table, message)]);
  }
  const told = id === null ? await stillToTell(sender, message) : message;
  if (told.incidents.length === 0) return commit(ledger, [withdraw(ledger.table, message)]);
  if (message.attempts >= configuration.notifyResponders.maximumAttempts) {
    const reason = "its sender died";
    if (!(await commit(ledger, givenUp(sender, message, reason)))) return false;
    sayGivenUp(sender, message, reason);
    return true;
  }
  const counts = isCounted(message) && message.attempts === 0;
  const storm = stormRow ? parse<Storm>(stormRow) : calm;
  const decision = counts ? decideStorm(storm, severity, at, configuration.incidents.storm) : null;
  const writes: TransactWriteItem[] = [];
  if (decision !== null) {
    const item: Row = { ...storms, body: json(decision.storm) };
    writes.push(putVersioned(ledger.table, item, stormRow ? versionOf(stormRow) : 0));
  }
  if (incident !== null) writes.push(unchanged(ledger.table, incident));
  if (decision?.outcome === "fold") {
    return commit(ledger, [...writes, ...foldInto(sender, message, decision)]);
  }
  if (!(await commit(ledger, [...writes, claim(ledger.table, message, at + lease(sender))]))) return false;
  await send(sender, { ...told, attempts: message.attempts + 1 });
  return true;
}

/** Longer than a sender can live. */
function lease({ configuration }: Sender): number {
  return configuration.notifyResponders.timeoutSeconds * second + minute;
}

async function send(sender: Sender, message: Outgoing): Promise<void> {
  const { now, log, ledger, configuration } = sender;
  const { id, reason, severity, audience, channel, level, episode, ordinal, incident, incidents } = message;
  try {
    await channels[channel].send(message, sender);
  } catch (error) {
    await refuse(sender, message, reasonOf(error));
    return;
  }
  const text = `${severity} ${reason} to ${audience} by ${channel}`;
  const sent = { at: now(), type: "paged", text } as const;
  log.info("page sent", {
    page: id,
    reason,
    severity,
    teamLevel: level,
    audience,
    channel,
    episode,
    ordinal,
    incident,
    incidents,
  });
  const lines = incidents.map((incident) => ({
    Put: { TableName: ledger.table, Item: sentRow(incident, `${id}#${channel}`, sent, configuration) },
  }));
  await record(sender, message, [withdraw(ledger.table, message), ...lines.slice(0, maximumLines)]);
  // A summary of more than fit into one transaction: their timelines learn of it after it is known to be sent.
  for (let from = maximumLines; from < lines.length; from += maximumLines) {
    await commit(ledger, lines.slice(from, from + maximumLines));
  }
}

/**
 * What became of a message that is ours, by its claim. Another's transaction may stand in the way for a moment; who has claimed
 * it meanwhile, because we took so long, will write what becomes of it.
 */
async function record(sender: Sender, { id }: Outgoing, writes: TransactWriteItem[]): Promise<boolean> {
  for (let again = 0; again < maximumAttempts; again++) {
    if (await commit(sender.ledger, writes)) return true;
    await sender.pause(again);
  }
  sender.log.warn("the claim was lost", { page: id });
  return false;
}

/** Beside the message's own row. */
const maximumLines = 99;

/** Of the incidents that a batch, a digest or a summary lists, those that nobody has taken over since. */
async function stillToTell({ ledger }: Sender, message: Outgoing): Promise<Outgoing> {
  const incidents: string[] = [];
  for (let from = 0; from < message.incidents.length; from += maximumKeys) {
    const some = message.incidents.slice(from, from + maximumKeys);
    const rows = await readRows(ledger, some.map(incidentKey));
    const open = some.filter((_, index) => {
      const row = rows[index];
      const incident = row ? parse<Incident>(row) : null;
      return incident === null || (incident.status !== "acknowledged" && incident.status !== "merged");
    });
    incidents.push(...open);
  }
  return { ...message, incidents };
}

/** One read takes so many keys. */
const maximumKeys = 100;

async function refuse(sender: Sender, message: Outgoing, reason: string): Promise<void> {
  const { now, log, configuration, ledger } = sender;
  const { id, channel, attempts, incident } = message;
  if (attempts >= configuration.notifyResponders.maximumAttempts) {
    if (await record(sender, message, givenUp(sender, message, reason))) sayGivenUp(sender, message, reason);
    return;
  }
  const at = now();
  log.warn("channel refused", { page: id, channel, attempts, reason });
  await record(sender, message, [
    postpone(ledger.table, message, at + backoff(attempts, configuration.notifyResponders)),
    ...(attempts === 1 && incident !== null
      ? [failedLine(sender, message, at, `refused, and is tried again: ${reason}`)]
      : []),
  ]);
}

function givenUp(sender: Sender, message: Outgoing, reason: string): TransactWriteItem[] {
  const { attempts, incident } = message;
  const text = `given up after ${attempts} attempts: ${reason}`;
  const line = incident === null ? [] : [failedLine(sender, message, sender.now(), text)];
  return [giveUp(sender.ledger.table, message), ...line];
}

/** An alarm waits for this line. */
function sayGivenUp({ log }: Sender, message: Outgoing, reason: string): void {
  const { id, channel, audience, attempts, severity } = message;
  const incidents = message.incidents.slice(0, 20);
  log.error("page undelivered", { page: id, channel, audience, severity, attempts, reason, incidents });
}

function failedLine(
  { ledger, configuration }: Sender,
  message: Outgoing,
  at: Instant,
  text: string,
): TransactWriteItem {
  const { id, channel, audience, attempts, incident } = message;
  const entry = { at, type: "channel-failed", text: `${channel} to ${audience}: ${text}` } as const;
  return {
    Put: {
      TableName: ledger.table,
      Item: sentRow(incident ?? "", `${id}#${channel}#failed#${attempts}`, entry, configuration),
    },
  };
}

/** What was read of the incident must still be so when the message is claimed: an acknowledgement in between stops it. */
function unchanged(table: string, { id, entries }: Incident): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: table,
      Key: incidentKey(id),
      ConditionExpression: "entries = :entries",
      ExpressionAttributeValues: { ":entries": { N: String(entries) } },
    },
  };
}

function isCounted({ reason }: Outgoing): boolean {
  return reason === "opened" || reason === "raised" || reason === "reminded" || reason === "escalated";
}
