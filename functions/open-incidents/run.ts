import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { parseDeliveries, parseSqsRecord } from "../../shared/delivery/parse.ts";
import type { Delivery } from "../../shared/delivery/types.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { reasonOf, Unavailable } from "../../shared/failures.ts";
import { receive } from "../../shared/intake/receive.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";

export interface Dependencies extends Common {
  cloudwatch: Pick<CloudWatchClient, "send">;
}

/** What the queue is told: these messages come again. */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

interface SqsRecord {
  messageId: string;
  body: string;
}

/**
 * Takes in what came: a batch of the queue, of which each message succeeds or fails by itself, or one document with which
 * an alarm's action invoked the function. Throws for the latter when it could not be taken, so that Lambda tries again.
 */
export async function run(event: unknown, dependencies: Dependencies): Promise<BatchResponse> {
  const { table, ledger, deadline, log, now } = dependencies;
  const receiver: Receiver = { ...dependencies, ledger: { client: ledger, table } };
  const records = recordsOf(event);
  if (records === null) {
    const failed = await takeAll(receiver, parseDeliveries(event));
    if (failed > 0) throw new Unavailable(`${failed} deliveries could not be taken in`);
    return { batchItemFailures: [] };
  }
  const batchItemFailures: BatchResponse["batchItemFailures"] = [];
  for (const record of records) {
    const late = now() >= deadline();
    if (late) log.warn("no time left for a delivery", { messageId: record.messageId });
    const failed = late ? 1 : await takeAll(receiver, parseSqsRecord(record));
    if (failed > 0) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

/** How many of the deliveries could not be taken in. */
async function takeAll(receiver: Receiver, deliveries: readonly Delivery[]): Promise<number> {
  let failed = 0;
  for (const delivery of deliveries) {
    try {
      const { outcome, unrouted } = await receive(receiver, delivery);
      receiver.log.info("delivery", { outcome, unrouted, type: delivery.type, about: about(delivery) });
    } catch (error) {
      failed += 1;
      const reason = reasonOf(error);
      receiver.log.error("delivery failed", { reason, type: delivery.type, about: about(delivery) });
    }
  }
  return failed;
}

function about(delivery: Delivery): string {
  switch (delivery.type) {
    case "transition":
    case "configuration":
      return delivery.alarm.arn;
    case "finding":
      return `${delivery.operation}|${delivery.rule}|${delivery.resource}`;
    case "unparsed":
      return delivery.path;
    default:
      return delivery satisfies never;
  }
}

function recordsOf(event: unknown): SqsRecord[] | null {
  if (typeof event !== "object" || event === null || !("Records" in event) || !Array.isArray(event.Records))
    return null;
  const records: unknown[] = event.Records;
  return records.length > 0 && records.every(isSqsRecord) ? records : null;
}

function isSqsRecord(record: unknown): record is SqsRecord {
  return (
    typeof record === "object" &&
    record !== null &&
    "messageId" in record &&
    typeof record.messageId === "string" &&
    "body" in record &&
    typeof record.body === "string"
  );
}
