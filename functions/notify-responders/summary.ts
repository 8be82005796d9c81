import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { digits } from "../../shared/incident/identity.ts";
import { type Outgoing, outboxQueue } from "../../shared/incident/rows.ts";
import { day, iso } from "../../shared/instant.ts";
import { expiry, json } from "../../shared/ledger/rows.ts";
import { type Fold, stormClass } from "./decide.ts";
import { withdraw } from "./outbox.ts";
import type { Sender } from "./sender.ts";

/** Each channel of an audience is counted by itself: one that refuses makes no storm on another. */
export const stormKey = (audience: string, kind: "critical" | "other", channel: string) => ({
  pk: { S: `audience#${audience}` },
  sk: { S: `storm#${kind}#${channel}` },
});

/** Puts a page's incident into the summary that is due then, and takes the page itself out of the outbox. */
export function foldInto(
  { ledger, configuration, now }: Sender,
  message: Outgoing,
  { summaryAt: due, ordinal }: Fold,
): TransactWriteItem[] {
  const { severity, audience, channel, level } = message;
  const kind = stormClass(severity);
  const id = digits(`summary|${audience}|${kind}|${channel}|${ordinal}`);
  const worst = kind === "critical" ? "P0" : "P1";
  const summary: Outgoing = {
    ...message,
    id,
    pk: `audience#${audience}`,
    sk: `summary#${kind}#${ordinal}#${channel}`,
    incident: null,
    incidents: [],
    episode: null,
    severity: worst,
    level,
    reason: "summary",
    ordinal,
    gather: null,
    dueAt: due,
    createdAt: now(),
    despiteAcknowledgement: true,
    title: `many incidents at once (${kind === "critical" ? "P0" : "P1 to P3"})`,
    text: "more pages than anybody can answer one by one; the incidents are listed here instead",
    attempts: 0,
  };
  return [
    withdraw(ledger.table, message),
    {
      Update: {
        TableName: ledger.table,
        Key: { pk: { S: summary.pk }, sk: { S: summary.sk } },
        UpdateExpression:
          "SET #queue = :queue, #order = :due, attempts = :none, body = if_not_exists(body, :body), expiresAt = :expiresAt ADD incidents :incidents, severities :severities",
        // One that is on its way already takes nobody with it any more.
        ConditionExpression: "attribute_not_exists(pk) OR (attribute_exists(#queue) AND attempts = :none)",
        ExpressionAttributeNames: { "#queue": "queue", "#order": "order" },
        ExpressionAttributeValues: {
          ":queue": { S: outboxQueue(worst) },
          ":due": { S: iso(due) },
          ":none": { N: "0" },
          ":body": json(summary),
          ":incidents": { SS: message.incidents },
          ":severities": { SS: [severity] },
          ...renamed(expiry(due + configuration.incidents.retentionDays * day)),
        },
      },
    },
  ];
}

function renamed(row: ReturnType<typeof expiry>): ReturnType<typeof expiry> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`:${name}`, value]));
}
