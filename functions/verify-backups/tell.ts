import type { BackupFinding } from "../../shared/backups/report.ts";
import type { Found } from "../../shared/backups/types.ts";
import { type Bus, type BusEvent, offer } from "../../shared/bus.ts";
import { day, type Instant, iso } from "../../shared/instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readRow } from "../../shared/ledger/store.ts";
import { printable } from "../../shared/text.ts";
import type { Report } from "./run.ts";
import { mayBeThere } from "./sources.ts";

export const operation = "verify-backups";

/** By rule and resource, when it was told last, and how grave it was. */
type Raised = Record<string, { at: Instant; severity: Found["severity"] }>;

interface Teller {
  bus: Bus;
  ledger: Ledger["client"];
  table: string;
  pause: (attempt: number) => Promise<void>;
}

const refreshMs = day;

/** What is new or graver is told, what is known once a day again, and what is mended is cleared. Resolves to how many the bus did not take. */
export async function tellFindings(
  teller: Teller,
  findings: readonly BackupFinding[],
  { at, resources, inventory }: Report,
): Promise<number> {
  const ledger: Ledger = { client: teller.ledger, table: teller.table };
  const before = await readRaised(ledger);
  const raised: Raised = {};
  const events: (BusEvent & { key: string })[] = [];
  for (const found of findings) {
    const key = keyOf(found);
    const known = before.raised[key];
    const isKnown = known !== undefined && known.severity === found.severity && at - known.at < refreshMs;
    raised[key] = isKnown ? known : { at, severity: found.severity };
    if (!isKnown) events.push({ ...eventOf(found, "raised", at), key });
  }
  const unknown = new Set(resources.filter(({ verdict }) => verdict === "UNKNOWN").map(({ arn }) => arn));
  for (const [key, known] of Object.entries(before.raised)) {
    if (raised[key] !== undefined) continue;
    const { rule, resource } = parseKey(key);
    // Of what is not known nobody can say that it is mended.
    if (unknown.has(resource) || mayBeThere(resource, inventory)) raised[key] = known;
    else events.push({ ...eventOf({ rule, resource, severity: known.severity, ...mended }, "cleared", at), key });
  }
  const refused = await offer(teller.bus, events, { attempts: 5, pause: teller.pause });
  for (const { event } of refused) {
    const known = before.raised[event.key];
    if (known === undefined) delete raised[event.key];
    else raised[event.key] = known;
  }
  await writeRaised(ledger, raised, before.versions);
  return refused.length;
}

const mended = { message: "it is no longer so", remedy: "nothing: it is mended, or gone" };

function eventOf(
  { rule, resource, severity, message, remedy }: Omit<BackupFinding, "rule"> & { rule: string },
  state: string,
  at: Instant,
) {
  const text = { message: printable(message), remedy: printable(remedy) };
  return {
    type: "Finding",
    detail: { version: 1, operation, rule, resource, state, severity, ...text, at: iso(at) },
    at,
  };
}

function keyOf({ rule, resource }: BackupFinding): string {
  return `${rule}|${resource}`;
}

function parseKey(key: string): { rule: string; resource: string } {
  const place = key.indexOf("|");
  return { rule: key.slice(0, place), resource: key.slice(place + 1) };
}

// A row of DynamoDB holds 400 KB: what was told stands in as many rows as it needs.

const rowKey = (index: number): Row => ({
  pk: { S: operation },
  sk: { S: `raised#${String(index).padStart(4, "0")}` },
});
const keysPerRow = 1_000;

async function readRaised(ledger: Ledger): Promise<{ raised: Raised; versions: number[] }> {
  const raised: Raised = {};
  const versions: number[] = [];
  for (let index = 0; ; index++) {
    const row = await readRow(ledger, rowKey(index));
    if (row === null) return { raised, versions };
    Object.assign(raised, parse<Raised>(row));
    versions.push(versionOf(row));
  }
}

/** Of two runs at the same time the later one is believed: what it tells anew, everybody knows already. */
async function writeRaised(ledger: Ledger, raised: Raised, versions: readonly number[]): Promise<void> {
  const entries = Object.entries(raised);
  const rows = Math.max(versions.length, Math.ceil(entries.length / keysPerRow));
  for (let index = 0; index < rows; index++) {
    const some = Object.fromEntries(entries.slice(index * keysPerRow, (index + 1) * keysPerRow));
    const item = { ...rowKey(index), body: json(some) };
    await commit(ledger, [putVersioned(ledger.table, item, versions[index] ?? 0)]);
  }
}
