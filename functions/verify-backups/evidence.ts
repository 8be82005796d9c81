import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { markdownOf } from "../../shared/backups/markdown.ts";
import { type BackupsReport, readReport, reportJson } from "../../shared/backups/report.ts";
import type { BackupsJson } from "../../shared/backups/report-shape.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { type EvidenceFile, type Link, type Pack, seal, suffixes } from "../../shared/evidence/pack.ts";
import { readPack } from "../../shared/evidence/set.ts";
import { Unavailable } from "../../shared/failures.ts";
import { day, type Instant, minute } from "../../shared/instant.ts";
import { json, parse, putVersioned, type Row, versionOf } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readRow } from "../../shared/ledger/store.ts";
import { operation } from "./tell.ts";

export interface Keeping {
  ledger: Ledger["client"];
  table: string;
  evidence: { client: Pick<S3Client, "send">; bucket: string };
  configuration: Configuration;
  environment: string;
  place: { region: string };
  now: () => Instant;
}

/** Where the chain of evidence ends, and the manifest that was being written when this was. */
interface Chain {
  last: Link | null;
  pending: { link: Link; beganAt: Instant } | null;
}

const chainKey: Row = { pk: { S: operation }, sk: { S: "evidence" } };
/** No function of Lambda's takes longer: who began before is dead. */
const longestRunMs = 15 * minute;

/**
 * Writes down what was found, chained to what was written down before. What is being written is announced first: whoever dies meanwhile
 * leaves what the next run finishes. Resolves to the manifest's key.
 */
export async function keepEvidence(keeping: Keeping, report: BackupsReport): Promise<string> {
  const { configuration, environment, place } = keeping;
  const ledger: Ledger = { client: keeping.ledger, table: keeping.table };
  const row = await readRow(ledger, chainKey);
  const chain: Chain = row === null ? { last: null, pending: null } : parse<Chain>(row);
  const version = row === null ? 0 : versionOf(row);
  const last = await endOf(keeping, chain);
  const document = reportJson(report, configuration.backups.severities["inventory-incomplete"]);
  const sealed = seal({
    ...{ operation, environment, at: report.at, account: report.account, region: place.region },
    ...{ previous: last, report: document, markdown: textOf(document) },
  });
  await announce(ledger, { last, pending: { link: sealed.link, beganAt: keeping.now() } }, version);
  await put(keeping, sealed.pack, "application/json");
  await put(keeping, sealed.markdown, "text/markdown");
  await put(keeping, sealed.manifest, "application/json");
  await announce(ledger, { last: sealed.link, pending: null }, version + 1);
  return sealed.manifest.key;
}

/** What the newest evidence tells of; nothing where there is none. */
export async function lastKnown(keeping: Keeping): Promise<readonly { arn: string; region: string }[]> {
  const row = await readRow({ client: keeping.ledger, table: keeping.table }, chainKey);
  const { last, pending } = row === null ? { last: null, pending: null } : parse<Chain>(row);
  for (const link of [pending?.link ?? null, last]) {
    const found = link === null ? null : await packBefore(keeping, link);
    if (found !== null) return found.document.resources;
  }
  return [];
}

/** The last link of the chain. What somebody began and did not finish is finished, if anything of it is there. */
async function endOf(keeping: Keeping, { last, pending }: Chain): Promise<Link | null> {
  if (pending === null) return last;
  if ((await textAt(keeping, pending.link.key)) !== null) return pending.link;
  if (keeping.now() - pending.beganAt < longestRunMs) {
    throw new Unavailable("another run writes its evidence, or began to and did not finish");
  }
  const begun = await packBefore(keeping, pending.link);
  if (begun === null) return last;
  const { pack, document } = begun;
  const { markdown, manifest, link } = seal({ ...pack, at: Date.parse(pack.at), markdown: textOf(document) });
  await put(keeping, markdown, "text/markdown");
  await put(keeping, manifest, "application/json");
  return link;
}

/** The pack that a manifest is of, and its report; null where it is not there, or of a shape that nobody here knows. */
async function packBefore(keeping: Keeping, { key }: Link): Promise<{ pack: Pack; document: BackupsJson } | null> {
  const text = await textAt(keeping, `${key.slice(0, -suffixes.manifest.length)}${suffixes.pack}`);
  const pack = text === null ? null : readPack(Buffer.from(text));
  const document = pack === null ? null : readReport(pack.report);
  return pack === null || document === null ? null : { pack, document };
}

function textOf(document: BackupsJson): string {
  return `${markdownOf(document)}\n`;
}

/** Throws `Unavailable` when another run writes at the same time: one of them goes on. */
async function announce(ledger: Ledger, chain: Chain, version: number): Promise<void> {
  const kept = await commit(ledger, [putVersioned(ledger.table, { ...chainKey, body: json(chain) }, version)]);
  if (!kept) throw new Unavailable("another run writes its evidence at the same time");
}

/** Null where there is no such object. */
async function textAt({ evidence }: Keeping, key: string): Promise<string | null> {
  try {
    const { Body } = await evidence.client.send(new GetObjectCommand({ Bucket: evidence.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw error;
  }
}

/** Locked from its first moment on: nobody can change or delete it before its time. */
async function put({ evidence, configuration, now }: Keeping, file: EvidenceFile, type: string): Promise<void> {
  const { lock, years } = configuration.verifyBackups.evidence;
  await evidence.client.send(
    new PutObjectCommand({
      Bucket: evidence.bucket,
      Key: file.key,
      Body: file.body,
      ContentType: `${type}; charset=utf-8`,
      ChecksumSHA256: Buffer.from(file.sha256, "hex").toString("base64"),
      ObjectLockMode: lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
      ObjectLockRetainUntilDate: new Date(now() + years * 365 * day),
    }),
  );
}
