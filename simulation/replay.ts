import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Configuration } from "../shared/configuration/schema.ts";
import { parseDeliveries, stampOf } from "../shared/delivery/parse.ts";
import type { Delivery } from "../shared/delivery/types.ts";
import { Broken } from "../shared/failures.ts";
import { auditKey } from "../shared/incident/rows.ts";
import { day, type Instant } from "../shared/instant.ts";
import { json } from "../shared/ledger/rows.ts";
import { createMirror, type Mirror, type Tags } from "./mirror.ts";
import { passTime } from "./sweeping.ts";
import { ledgerTable } from "./table.ts";
import { createWorld, type World } from "./world.ts";

export interface ReplayOptions {
  configuration: Configuration;
  tags: Tags;
  /** Until when timers run on after the last delivery; a day after it unless stated. */
  until: Instant | null;
}

/**
 * Raw deliveries through the real functions, in virtual time. Now is the largest stamp seen so far; sweeps come on
 * whole minutes. What has no stamp, and comes before anything that has one, waits for the first.
 */
export async function replay(documents: AsyncIterable<unknown>, options: ReplayOptions): Promise<World> {
  let feeding: Feeding | null = null;
  const waiting: unknown[] = [];
  for await (const document of documents) {
    for (const record of recordsOf(document)) {
      const deliveries = parseDeliveries(record);
      const stamp = newestStamp(deliveries);
      if (feeding === null && stamp === null) {
        waiting.push(record);
        continue;
      }
      feeding ??= await begin(stamp ?? earliest, options, waiting.splice(0), deliveries);
      await feed(feeding, record, deliveries);
    }
  }
  feeding ??= await begin(earliest, options, waiting, []);
  const { world } = feeding;
  await passTime(world, options.until ?? world.clock.now() + day, true);
  return world;
}

/** Where nothing has a stamp, it is the beginning of what a stamp may be. */
const earliest = Date.UTC(2000, 0, 1);

interface Feeding {
  world: World;
  mirror: Mirror;
}

async function begin(
  start: Instant,
  { configuration, tags }: ReplayOptions,
  waiting: readonly unknown[],
  deliveries: readonly Delivery[],
): Promise<Feeding> {
  const [home] = deliveries.flatMap((each) => ("alarm" in each ? [each.alarm] : []));
  const { account = "111122223333", region = "us-east-1" } = home ?? {};
  const world = await createWorld({ configuration, start, account, region });
  await leaveUnaudited(world);
  const feeding = { world, mirror: createMirror(world.cloudwatch, tags) };
  for (const record of waiting) await feed(feeding, record, parseDeliveries(record));
  return feeding;
}

/** Of the account a replay knows what was delivered, and no more: there is nothing to audit. */
async function leaveUnaudited({ dynamodb }: World): Promise<void> {
  const row = { ...auditKey, body: json({ at: Number.MAX_SAFE_INTEGER, token: null }), version: { N: "1" } };
  await dynamodb.send(new PutItemCommand({ TableName: ledgerTable, Item: row }));
}

async function feed({ world, mirror }: Feeding, record: unknown, deliveries: readonly Delivery[]): Promise<void> {
  const stamp = newestStamp(deliveries);
  if (stamp !== null && stamp > world.clock.now()) await passTime(world, stamp, false);
  for (const delivery of deliveries) mirror.reflect(delivery);
  const { batchItemFailures } = await world.open({ Records: [{ messageId: "1", body: bodyOf(record) }] });
  if (batchItemFailures.length > 0) throw new Broken(`a delivery was not taken in: ${world.collected.lastFailure}`);
  await world.wake();
}

/** A document that is nested too deeply to be written stands for itself: of unknown shape either way. */
function bodyOf(record: unknown): string {
  try {
    return JSON.stringify(record);
  } catch {
    return '{"unreadable":"nested too deeply"}';
  }
}

/** Each record of a batch is a delivery of its own, at its own time. */
function recordsOf(document: unknown): unknown[] {
  if (typeof document !== "object" || document === null || !("Records" in document)) return [document];
  const { Records } = document;
  if (!Array.isArray(Records) || Records.length === 0) return [document];
  return Records.map((record: unknown) => ({ Records: [record] }));
}

function newestStamp(deliveries: readonly Delivery[]): Instant | null {
  const stamps = deliveries.map(stampOf).filter((stamp) => stamp !== null);
  return stamps.length === 0 ? null : Math.max(...stamps);
}
