import type { Configuration } from "../../shared/configuration/schema.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { everyRecord } from "../../shared/secrets/records.ts";
import { strategyNames } from "../../shared/secrets/strategy-names.ts";
import {
  type AuditPolicy,
  type Decision,
  decide,
  decideCertificate,
  decideGone,
  type Effect,
  nothingTold,
  type Told,
} from "./decide.ts";
import { createGaps } from "./gaps.ts";
import { createKeyBook } from "./keys.ts";
import { type Clients, isGone, type Observer, observedPages } from "./observe.ts";
import type { Observed } from "./observed.ts";
import { storedCertificates } from "./stored-certificates.ts";
import { everythingTold } from "./told.ts";

export interface AuditOptions {
  clients: Clients;
  /** Null where there is none: then nothing is recorded, and every age is a bound. */
  ledger: Ledger | null;
  configuration: Configuration;
  region: string;
  now: () => Instant;
  hasTime: () => boolean;
}

export interface Audit extends AuditOptions {
  observer: Observer;
  policy: AuditPolicy;
  /** What is told by now. It holds what the ledger holds, so memory grows with what is recorded and not with what is listed. */
  told: Map<string, Told>;
}

/** Some of what was audited, and what is to be told of it. */
export interface Audited {
  decisions: readonly (Omit<Decision, "judged"> & { resource: string; judged: Decision["judged"] | null })[];
  observed: readonly Observed[];
  /** Where the list goes on. */
  token: string | null;
}

export async function beginAudit(options: AuditOptions): Promise<Audit> {
  const { clients, ledger, configuration, region, now } = options;
  const gaps = createGaps();
  const records = ledger === null ? new Map() : await allRecords(ledger);
  const told = ledger === null ? new Map() : await everythingTold(ledger);
  const keys = createKeyBook(clients.kms, gaps);
  const observer = { clients, region, configuration, now, records, keys, gaps };
  return { ...options, observer, told, policy: { policy: configuration, strategies: strategyNames, region } };
}

async function allRecords(ledger: Ledger): Promise<Map<string, SecretRecord>> {
  const records = new Map<string, SecretRecord>();
  for await (const page of everyRecord(ledger)) for (const record of page) records.set(record.arn, record);
  return records;
}

/** The secrets from `token` on; after the last of them the certificates of ACM and IAM, and then what is gone. */
export async function* audited(audit: Audit, token: string | null): AsyncGenerator<Audited> {
  const { observer, told, policy, now, hasTime } = audit;
  const unseen = new Set(told.keys());
  let rest = token;
  for await (const page of observedPages(observer, token, hasTime)) {
    rest = page.token;
    const decisions = page.observed.map((observed) => {
      const { arn } = observed.secret;
      unseen.delete(arn);
      return { resource: arn, ...decide(told.get(arn) ?? nothingTold, observed, now(), policy) };
    });
    yield { decisions, observed: page.observed, token: rest };
  }
  if (rest !== null) return;
  const stored = await storedCertificates(observer);
  const decisions = stored.certificates.map((certificate) => {
    unseen.delete(certificate.arn);
    const before = told.get(certificate.arn) ?? nothingTold;
    return { resource: certificate.arn, judged: null, ...decideCertificate(before, certificate, now(), policy) };
  });
  yield { decisions, observed: [], token: null };
  // Whoever has not seen the whole list knows nothing of what is missing in it.
  if (token === null) yield { decisions: await gone(audit, unseen, stored.isComplete), observed: [], token: null };
}

async function gone({ observer, told, now }: Audit, unseen: ReadonlySet<string>, sawStores: boolean) {
  const decisions: Audited["decisions"][number][] = [];
  for (const resource of [...unseen].slice(0, maximumGone)) {
    const isSecret = resource.includes(":secretsmanager:");
    if (!(isSecret ? await isGone(observer, resource) : sawStores)) continue;
    const before = told.get(resource) ?? nothingTold;
    decisions.push({ resource, judged: null, ...decideGone(before, resource, now()) });
  }
  return decisions;
}

/** Each costs a call; what is more is left to the next audit. */
const maximumGone = 100;

export function effectsOf({ decisions }: Audited): Effect[] {
  return decisions.flatMap(({ effects }) => effects);
}
