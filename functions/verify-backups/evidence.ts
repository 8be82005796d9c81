import { ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { markdownOf } from "../../shared/backups/markdown.ts";
import { type BackupsReport, reportJson } from "../../shared/backups/report.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { type EvidenceFile, type Link, seal } from "../../shared/evidence/pack.ts";
import { Unavailable } from "../../shared/failures.ts";
import { day } from "../../shared/instant.ts";
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
}

/** Where the chain of evidence ends, and the manifest that was being written when this was. */
interface Chain {
  last: Link | null;
  pending: Link | null;
}

const chainKey: Row = { pk: { S: operation }, sk: { S: "evidence" } };

/**
 * Writes down what was found, chained to what was written down before. What is being written is announced first: whoever dies meanwhile
 * leaves either a manifest, which the next run follows, or files without one, which are no part of the chain. Resolves to the manifest's key.
 */
export async function keepEvidence(keeping: Keeping, report: BackupsReport): Promise<string> {
  const { configuration, environment, place } = keeping;
  const ledger: Ledger = { client: keeping.ledger, table: keeping.table };
  const row = await readRow(ledger, chainKey);
  const chain: Chain = row === null ? { last: null, pending: null } : parse<Chain>(row);
  const version = row === null ? 0 : versionOf(row);
  const last = chain.pending !== null && (await isThere(keeping, chain.pending.key)) ? chain.pending : chain.last;
  const document = reportJson(report, configuration.backups.severities["inventory-incomplete"]);
  const { pack, markdown, manifest, link } = seal({
    ...{ operation, environment, at: report.at, account: report.account, region: place.region },
    ...{ previous: last, report: document, markdown: `${markdownOf(document)}\n` },
  });
  await announce(ledger, { last, pending: link }, version);
  for (const [file, type] of [
    [pack, "application/json"],
    [markdown, "text/markdown"],
    [manifest, "application/json"],
  ] as const) {
    await put(keeping, file, type, report.at);
  }
  await announce(ledger, { last: link, pending: null }, version + 1);
  return manifest.key;
}

/** Throws `Unavailable` when another run writes at the same time: one of them goes on. */
async function announce(ledger: Ledger, chain: Chain, version: number): Promise<void> {
  const kept = await commit(ledger, [putVersioned(ledger.table, { ...chainKey, body: json(chain) }, version)]);
  if (!kept) throw new Unavailable("another run writes its evidence at the same time");
}

async function isThere({ evidence }: Keeping, key: string): Promise<boolean> {
  const { client, bucket } = evidence;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
  return Contents.some(({ Key }) => Key === key);
}

/** Locked from its first moment on: nobody can change or delete it before its time. */
async function put({ evidence, configuration }: Keeping, file: EvidenceFile, type: string, at: number): Promise<void> {
  const { lock, years } = configuration.verifyBackups.evidence;
  await evidence.client.send(
    new PutObjectCommand({
      Bucket: evidence.bucket,
      Key: file.key,
      Body: file.body,
      ContentType: `${type}; charset=utf-8`,
      ChecksumSHA256: Buffer.from(file.sha256, "hex").toString("base64"),
      ObjectLockMode: lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
      ObjectLockRetainUntilDate: new Date(at + years * 365 * day),
    }),
  );
}
