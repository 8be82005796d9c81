import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { Unavailable } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { queriesAtOnce } from "../../shared/scaling/metrics.ts";
import { namedTarget, type Target } from "../../shared/scaling/policy.ts";
import { taggedTarget } from "./tagged.ts";

// Thousands of targets are evaluated in shards: what one call to CloudWatch can read. Each is a message, so that a shard's failure
// touches no other.

/** So many targets as one call reads, and when they are looked at. */
export interface Shard {
  at: Instant;
  targets: Target[];
}

const text = z.string().check(z.minLength(1), z.maxLength(1_000));

const resource = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ecs-service"), cluster: text, service: text }),
  z.object({ type: z.literal("auto-scaling-group"), group: text }),
  z.object({ type: z.literal("scalable-target"), namespace: text, resource: text, dimension: text }),
]);

/** A message's body says which targets, and not what they are held to: that is the configuration's, whoever writes into the queue. */
const message = z.object({
  at: z.number(),
  named: z.array(text),
  tagged: z.array(z.object({ name: text, key: text, resource })),
});

export function shardBody({ at, targets }: Shard): string {
  const named = targets.flatMap(({ name, tagged }) => (tagged === null ? [name] : []));
  const tagged = targets.flatMap(({ name, tagged: key, resource: of }) =>
    key === null ? [] : [{ name, key, resource: of }],
  );
  return JSON.stringify({ at, named, tagged });
}

/** Null for what is no shard. What the configuration does not know any more is left out. */
export function parseShard(body: string, configuration: Configuration): Shard | null {
  const parsed = message.safeParse(parsedJson(body));
  if (!parsed.success) return null;
  const { at, named, tagged } = parsed.data;
  return {
    at,
    targets: [
      ...named.flatMap((name) => namedTarget(name, configuration) ?? []),
      ...tagged.flatMap((each) => taggedTarget(each, configuration) ?? []),
    ],
  };
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** The fewest shards. All metrics of a target are in one of them. */
export function shardsOf(targets: readonly Target[], at: Instant): Shard[] {
  const shards: Shard[] = [];
  let metrics = Number.POSITIVE_INFINITY;
  for (const target of targets) {
    // One that has no metric is no less work.
    metrics += Math.max(target.sources.length, 1);
    if (metrics > queriesAtOnce) {
      shards.push({ at, targets: [] });
      metrics = Math.max(target.sources.length, 1);
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
    const MessageBody = shardBody(shard);
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
