import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Outgoing } from "../../shared/incident/rows.ts";
import { type Instant, iso } from "../../shared/instant.ts";

// What a sender does to one row of the outbox. Each holds only as long as nobody else has tried it meanwhile.

/** Ours until `until`; then whoever finds it may try again. */
export function claim(table: string, message: Outgoing, until: Instant): TransactWriteItem {
  return change(table, message, "SET #order = :due, attempts = :next", {
    ":due": { S: iso(until) },
    ":next": { N: String(message.attempts + 1) },
  });
}

/** To be tried again, then. */
export function postpone(table: string, message: Outgoing, due: Instant): TransactWriteItem {
  return change(table, message, "SET #order = :due", { ":due": { S: iso(due) } });
}

/** Sent, or nothing left to say. */
export function withdraw(table: string, message: Outgoing): TransactWriteItem {
  return change(table, message, "REMOVE #queue, #order");
}

/** A dead letter: kept, and looked for by nobody. */
export function giveUp(table: string, message: Outgoing): TransactWriteItem {
  return change(table, message, "SET undelivered = :yes REMOVE #queue, #order", { ":yes": { BOOL: true } });
}

type Values = NonNullable<NonNullable<TransactWriteItem["Update"]>["ExpressionAttributeValues"]>;

function change(
  table: string,
  { pk, sk, attempts }: Outgoing,
  expression: string,
  values: Values = {},
): TransactWriteItem {
  const names: Record<string, string> = { "#queue": "queue" };
  if (expression.includes("#order")) names["#order"] = "order";
  return {
    Update: {
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: expression,
      ConditionExpression: "attribute_exists(#queue) AND attempts = :attempts",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...values, ":attempts": { N: String(attempts) } },
    },
  };
}
