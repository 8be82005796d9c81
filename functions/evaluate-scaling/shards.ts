import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import { Unavailable } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { queriesAtOnce } from "../../shared/scaling/metrics.ts";
import type { Target } from "../../shared/scaling/policy.ts";

// Thousands of targets are evaluated in shards: what one call to CloudWatch can read. Each is a message, so that a shard's failure
// touches no other.

/** So many targets as one call reads, and when they are looked at. */
export interface Shard {
  at: Instant;
  targets: Target[];
}

/** A message's body. It is our own writing, but a queue can be written to by others: only the frame is looked at, at the edge. */
const frame = z.object({
  at: z.number(),
  targets: z.array(z.looseObject({ name: z.string(), resource: z.looseObject({ type: z.string() }) })),
});

/** Null for what is no shard. */
export function parseShard(body: string): Shard | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isShard(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isShard(value: unknown): value is Shard {
  return frame.safeParse(value).success;
}

/** The fewest shards. All metrics of a target are in one of them. */
export function shardsOf(targets: readonly Target[], at: Instant): Shard[] {
  const shards: Shard[] = [];
  let metrics = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    metrics += target.sources.length;
    if (metrics > queriesAtOnce) {
      shards.push({ at, targets: [] });
      metrics = target.sources.length;
    }
    shards.at(-1)?.targets.push(target);
  }
  return shards;
}

/** So long each shard waits, so that all of them together ask for no more points a second than they may. */
export function delaysOf(shards: readonly Shard[], pointsPerSecond: number): number[] {
  let points = 0;
  return shards.map(({ targets }) => {
    const seconds = Math.floor(points / pointsPerSecond);
    points += targets.reduce((sum, target) => sum + pointsOf(target), 0);
    return Math.min(seconds, longestDelaySeconds);
  });
}

/** Later than this it would be the next minute's work. */
const longestDelaySeconds = 45;

function pointsOf({ policy }: Target): number {
  return policy.rules.reduce((sum, rule) => sum + Math.max(rule.out?.of ?? 0, rule.in?.of ?? 0), 0);
}

const messagesAtOnce = 10;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const bytesAtOnce = 1_000_000;

/** Sends them all. Throws `Unavailable` when some are refused: the others are under way all the same. */
export async function sendShards(
  client: Pick<SQSClient, "send">,
  queueUrl: string,
  shards: readonly Shard[],
  delays: readonly number[],
): Promise<void> {
  const refused: string[] = [];
  let batch: { Id: string; MessageBody: string; DelaySeconds: number }[] = [];
  let bytes = 0;
  const send = async () => {
    if (batch.length === 0) return;
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch }));
    refused.push(...Failed.map(({ Code }) => Code ?? "unknown"));
    batch = [];
    bytes = 0;
  };
  for (const [index, shard] of shards.entries()) {
    const MessageBody = JSON.stringify(shard);
    const size = Buffer.byteLength(MessageBody);
    if (batch.length === messagesAtOnce || bytes + size > bytesAtOnce) await send();
    batch.push({ Id: String(index), MessageBody, DelaySeconds: delays[index] ?? 0 });
    bytes += size;
  }
  await send();
  if (refused.length === 0) return;
  throw new Unavailable(
    `the queue refuses ${refused.length} of ${shards.length} shards: ${[...new Set(refused)].join(", ")}`,
  );
}
