import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { digits } from "../../shared/incident/identity.ts";
import { gatherQueue, incidentKey, type Outgoing, outgoingFrom, outgoingRow } from "../../shared/incident/rows.ts";
import { isSuperfluous } from "../../shared/incident/superfluous.ts";
import type { Incident } from "../../shared/incident/types.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";
import { parse, putNew, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, readQueue, readRow, readRows } from "../../shared/ledger/store.ts";
import { worst } from "../../shared/severity.ts";
import { printable } from "../../shared/text.ts";

/** Lets go what has waited for company (P2) or for the digest (P3): one notification for each audience and channel. */
export async function releaseGathered(receiver: Receiver): Promise<void> {
  for (const gather of ["batch", "digest"] as const) {
    const due: Outgoing[] = [];
    for await (const rows of readQueue(receiver.ledger, gatherQueue(gather), receiver.now())) {
      due.push(...rows.map(outgoingFrom));
      if (due.length >= maximumGathered) break;
    }
    if (due.length > 0) await releaseAll(receiver, gather, due);
  }
}

/** More than that wait for the next sweep. */
const maximumGathered = 2_000;
/** So many go into one notification: their rows, its own and the check fit into one transaction. */
const maximumTogether = 90;

async function releaseAll(receiver: Receiver, gather: "batch" | "digest", due: readonly Outgoing[]): Promise<void> {
  // Who waits for a batch goes with the first that must not wait any longer.
  const company = gather === "batch" ? await waiting(receiver, gather) : [...due];
  const groups = Map.groupBy(company, ({ audience, channel }) => `${audience}|${channel}`);
  for (const [name, group] of groups) {
    if (!due.some(({ audience, channel }) => `${audience}|${channel}` === name)) continue;
    for (let from = 0; from < group.length; from += maximumTogether) {
      await releaseTogether(receiver, gather, group.slice(from, from + maximumTogether));
    }
  }
}

async function waiting(receiver: Receiver, gather: "batch" | "digest"): Promise<Outgoing[]> {
  const found: Outgoing[] = [];
  for await (const rows of readQueue(receiver.ledger, gatherQueue(gather), null)) {
    found.push(...rows.map(outgoingFrom));
    if (found.length >= maximumGathered) break;
  }
  return found;
}

/** All or nothing: each row leaves its queue in the same transaction in which the notification gets its place. */
async function releaseTogether(
  receiver: Receiver,
  gather: "batch" | "digest",
  rows: readonly Outgoing[],
): Promise<void> {
  const { ledger, configuration } = receiver;
  const now = receiver.now();
  const ids = [...new Set(rows.flatMap(({ incident }) => (incident === null ? [] : [incident])))];
  const found = await readRows(ledger, ids.map(incidentKey));
  const incidents = new Map(found.flatMap((row, index) => (row === null ? [] : [[ids[index], incidentFrom(row)]])));
  const told = rows.filter((row) => {
    const incident = incidents.get(row.incident ?? "");
    return incident !== undefined && !isSuperfluous(row, incident);
  });
  const writes: TransactWriteItem[] = rows.map((row) => leave(ledger.table, row));
  const [first] = told;
  if (first !== undefined) {
    const key = countKey(first, gather);
    const counted = await readRow(ledger, key);
    const count = counted === null ? 0 : versionOf(counted);
    writes.push(putVersioned(ledger.table, key, count));
    const one = { ...gathered(gather, first, told, incidents, now), ordinal: count + 1 };
    writes.push(putNew(ledger.table, outgoingRow(one, configuration)));
  }
  if (!(await commit(ledger, writes))) receiver.log.info("gathered by another sweep", { gather });
}

/** How many batches, or digests, an audience has had: each has a number of its own. */
function countKey({ audience, channel }: Outgoing, gather: string): Row {
  return { pk: { S: `audience#${audience}` }, sk: { S: `count#${gather}#${channel}` } };
}

function gathered(
  gather: "batch" | "digest",
  { audience, channel }: Outgoing,
  told: readonly Outgoing[],
  incidents: ReadonlyMap<string | undefined, Incident>,
  now: number,
): Outgoing {
  const listed = [...new Set(told.flatMap((row) => row.incidents))].sort();
  const id = digits([gather, audience, channel, ...told.map((row) => row.id)].join("|"));
  const lines = listed.map((incident) => lineOf(incident, incidents.get(incident)));
  return {
    id,
    pk: `gathered#${id}`,
    sk: `page#${id}#${channel}`,
    incident: null,
    incidents: listed,
    episode: null,
    severity: told.map(({ severity }) => severity).reduce(worst),
    level: Math.min(...told.map(({ level }) => level)),
    audience,
    reason: gather,
    ordinal: 1,
    channel,
    gather: null,
    dueAt: now,
    createdAt: now,
    despiteAcknowledgement: false,
    title: `${listed.length} ${listed.length === 1 ? "incident" : "incidents"}`,
    text: lines.join("\n"),
    attempts: 0,
  };
}

function lineOf(id: string, incident: Incident | undefined): string {
  if (incident === undefined) return id;
  const names = Object.values(incident.members).map(({ name }) => printable(name, 150));
  return `${incident.severity} ${incident.status}: ${names.slice(0, 3).join(", ")} (${id})`;
}

function incidentFrom(row: Row): Incident {
  return parse<Incident>(row);
}

function leave(table: string, { pk, sk }: Outgoing): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: "REMOVE #queue, #order",
      ConditionExpression: "attribute_exists(#queue)",
      ExpressionAttributeNames: { "#queue": "queue", "#order": "order" },
    },
  };
}
