import { type Instant, second } from "../../shared/instant.ts";
import { type Place, placeInIndex, placeOf } from "./dynamodb-keys.ts";
import { position, SortedList } from "./dynamodb-order.ts";
import type { IndexSchema, KeySchema, TableSchema } from "./dynamodb-schema.ts";
import { type Item, itemBytes } from "./dynamodb-values.ts";

/** An item as it is kept. It is never changed: a write puts another in its place. */
export interface Stored {
  item: Item;
  bytes: number;
}

/** Items by partition and position: a table, or one of its indexes. */
export interface Collection {
  /** Null for the table itself. */
  index: IndexSchema | null;
  key: KeySchema;
  partitions: SortedList<SortedList<Stored>>;
}

export interface Table {
  schema: TableSchema;
  base: Collection;
  indexes: ReadonlyMap<string, Collection>;
  /** The last change of each item that changed within the last second, oldest first. */
  recent: Map<string, { at: Instant; before: Stored | undefined; after: Stored | undefined }>;
  size: number;
}

/** How long an eventually consistent read may still see what was before. */
const stalenessMilliseconds = second;

export function createTable(schema: TableSchema): Table {
  const collection = (index: IndexSchema | null, key: KeySchema): Collection => ({
    index,
    key,
    partitions: new SortedList(),
  });
  return {
    schema,
    base: collection(null, schema.key),
    indexes: new Map(schema.indexes.map((index) => [index.name, collection(index, index.key)])),
    recent: new Map(),
    size: 0,
  };
}

export function read(table: Table, place: Place): Stored | undefined {
  return table.base.partitions.get(place.partition)?.get(place.position);
}

/** What an eventually consistent read may still find: the previous version, if the item changed within a second. */
export function readStale(table: Table, place: Place, now: Instant): Stored | undefined {
  forget(table, now);
  const change = table.recent.get(recentKey(place));
  return change === undefined ? read(table, place) : change.before;
}

/** Replaces `before` by `after` everywhere. Undefined stands for no item. */
export function write(
  table: Table,
  place: Place,
  before: Stored | undefined,
  after: Stored | undefined,
  at: Instant,
): void {
  replace(table.base, before && place, after && place, after);
  for (const collection of table.indexes.values()) {
    const index = collection.index;
    const held = after && index ? projected(index, after) : after;
    replace(collection, placeIn(collection, table, before), placeIn(collection, table, after), held);
  }
  table.size += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  const key = recentKey(place);
  table.recent.delete(key);
  table.recent.set(key, { at, before, after });
  forget(table, at);
}

/** One partition, as it is, or with `staleAt` as an eventually consistent read at that time may still find it. */
export function partitionOf(
  table: Table,
  collection: Collection,
  partition: string,
  staleAt: Instant | null,
): SortedList<Stored> {
  const current = collection.partitions.get(partition) ?? new SortedList<Stored>();
  if (staleAt === null) {
    return current;
  }
  forget(table, staleAt);
  const previous = current.copy();
  for (const { after } of table.recent.values()) {
    const now = placeIn(collection, table, after);
    if (now?.partition === partition) {
      previous.delete(now.position);
    }
  }
  for (const { before } of table.recent.values()) {
    const then = placeIn(collection, table, before);
    if (before !== undefined && then?.partition === partition) {
      previous.set(then.position, collection.index ? projected(collection.index, before) : before);
    }
  }
  return previous;
}

/** The keys of all partitions, those included that only a stale read still finds. */
export function partitionKeys(table: Table, collection: Collection, staleAt: Instant | null): string[] {
  const keys = collection.partitions.keys;
  if (staleAt === null || table.recent.size === 0) {
    return keys;
  }
  const previous = [...table.recent.values()].flatMap(({ before }) => placeIn(collection, table, before) ?? []);
  return [...new Set([...keys, ...previous.map(({ partition }) => partition)])].sort();
}

/** Where an item stands in the table or an index, or undefined if it does not. */
export function placeIn(collection: Collection, table: Table, stored: Stored | undefined): Place | undefined {
  if (stored === undefined) {
    return undefined;
  }
  return collection.index === null
    ? placeOf(collection.key, stored.item)
    : placeInIndex(collection.key, table.schema.key, stored.item);
}

function replace(
  collection: Collection,
  from: Place | undefined,
  to: Place | undefined,
  stored: Stored | undefined,
): void {
  if (from !== undefined && (from.partition !== to?.partition || from.position !== to.position)) {
    const partition = collection.partitions.get(from.partition);
    partition?.delete(from.position);
    if (partition?.keys.length === 0) {
      collection.partitions.delete(from.partition);
    }
  }
  if (to !== undefined && stored !== undefined) {
    const partition = collection.partitions.get(to.partition);
    if (partition === undefined) {
      collection.partitions.set(to.partition, new SortedList([to.position], [stored]));
    } else {
      partition.set(to.position, stored);
    }
  }
}

function projected(index: IndexSchema, stored: Stored): Stored {
  const names = index.projected;
  if (names === null) {
    return stored;
  }
  const item = Object.fromEntries(Object.entries(stored.item).filter(([name]) => names.has(name)));
  return { item, bytes: itemBytes(item) };
}

/** Drops what changed a second ago or earlier. The changes stand in their order, so the first young one ends it. */
function forget(table: Table, now: Instant): void {
  for (const [key, change] of table.recent) {
    if (change.at > now - stalenessMilliseconds) {
      return;
    }
    table.recent.delete(key);
  }
}

function recentKey(place: Place): string {
  return position(place.partition, place.position);
}
