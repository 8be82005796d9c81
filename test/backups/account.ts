import { BackupServiceException } from "@aws-sdk/client-backup";
import { afterEach, expect } from "vitest";
import { markdownOf } from "../../shared/backups/markdown.ts";
import { readReport } from "../../shared/backups/report.ts";
import type { BackupsJson } from "../../shared/backups/report-shape.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import { merge } from "../../shared/configuration/merge.ts";
import { type Configuration, configurationSchema } from "../../shared/configuration/schema.ts";
import { readPack } from "../../shared/evidence/set.ts";
import { verifyEvidence } from "../../shared/evidence/verify.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { type BackedAccount, createBackedAccount, evidenceBucket, home } from "../../simulation/backed-account.ts";

// What the tests of verify-backups share: a shop whose backups are of every kind, and what is left of a run.

export const start: Instant = Date.UTC(2027, 2, 15, 14, 5);
export const abroad = "eu-central-1";
const { production } = bundleAll();

export function configurationWith(backups: object = {}): Configuration {
  return configurationSchema.parse(merge(production, { backups }));
}

const made: BackedAccount[] = [];

// Over all tests: what is only to be looked at, nobody tries to change.
afterEach(() => {
  const all = made.splice(0);
  expect(all.flatMap(({ forbidden }) => forbidden)).toEqual([]);
  const written = all
    .flatMap(({ calls }) => calls)
    .filter(({ command }) => !/^(Get|List|Describe|Search|Select)/.test(command));
  const known = ["evidence PutObject", "bus PutEvents", "ledger TransactWriteItems"];
  const others = written.map(({ service, command }) => `${service} ${command}`).filter((each) => !known.includes(each));
  expect([...new Set(others)]).toEqual([]);
});

export async function createAccount(configuration = configurationWith()): Promise<BackedAccount> {
  const account = await createBackedAccount({ policies: { ...bundleAll(), production: configuration }, start });
  made.push(account);
  return account;
}

/** Databases with a log, one without anything, one whose log stands; a table; a volume and a bucket that are slower than they may be. */
export async function createShop(configuration = configurationWith()): Promise<BackedAccount> {
  const account = await createAccount(configuration);
  const { rds, dynamodb, s3, ec2, backup } = account.in(home.region);
  backup.putVault("main");
  rds.putInstance("orders");
  rds.putInstance("standing", { latestRestorableAt: start - 120 * minute });
  rds.putInstance("forgotten", { retentionDays: 0 });
  rds.putCluster("stock");
  dynamodb.put("carts", { recovery: "ENABLED", latestRestorableAt: (at) => at - 5 * minute });
  ec2.putVolume("vol-1");
  backup.putPoint("main", volume("vol-1"), { createdAt: start - 20 * minute });
  s3.put("pictures", { versioning: "Enabled", tellsEventBridge: true });
  backup.putPoint("main", "arn:aws:s3:::pictures", { isContinuous: true, status: "AVAILABLE" });
  s3.put("caches", {
    tags: {
      "nightshift:backup": "none",
      "nightshift:backup-reason": "can be made anew",
      "nightshift:backup-until": "2027-12-31",
    },
  });
  return account;
}

export function database(name: string, region = home.region): string {
  return `arn:aws:rds:${region}:${home.account}:db:${name}`;
}

export function table(name: string): string {
  return `arn:aws:dynamodb:${home.region}:${home.account}:table/${name}`;
}

export function volume(name: string): string {
  return `arn:aws:ec2:${home.region}:${home.account}:volume/${name}`;
}

/** The report of the newest evidence. */
export function lastReport(account: BackedAccount): BackupsJson {
  const newest = [...evidenceOf(account)]
    .filter(([key]) => /Z\.json$/.test(key))
    .toSorted()
    .at(-1);
  const pack = readPack(newest?.[1] ?? null);
  const report = pack === null ? null : readReport(pack.report);
  if (report === null) throw new Error("there is no evidence");
  return report;
}

/** By the last part of the name, as `orders: MET`. */
export function verdictsOf(account: BackedAccount): string[] {
  return lastReport(account)
    .resources.map(({ arn, verdict }) => `${arn.split(/[:/]/).at(-1)}: ${verdict}`)
    .filter((each) => !each.startsWith(`${evidenceBucket}:`));
}

/** All that was told of findings, as `raised unprotected forgotten`. */
export function told({ events }: BackedAccount): string[] {
  return events.events.map(({ detail }) => {
    const { state, rule, resource } = detail as { state: string; rule: string; resource: string };
    return `${state} ${rule} ${resource.startsWith("arn:") ? resource.split(/[:/]/).at(-1) : resource}`;
  });
}

export function evidenceOf(account: BackedAccount): Map<string, Buffer> {
  const bucket = account.in(home.region).s3.bucket(evidenceBucket);
  return new Map(
    [...bucket.objects].flatMap(([key, versions]) => {
      const body = versions.at(-1)?.body ?? null;
      return body === null ? [] : [[key, body]];
    }),
  );
}

/** Whether all that the bucket holds is one chain, and how long that is. */
export function chainOf(account: BackedAccount) {
  const files = [...evidenceOf(account)].map(([path, bytes]) => ({ path, read: () => bytes }));
  const { packs, problems, foreign } = verifyEvidence(files, {
    after: null,
    render: ({ report }) => {
      const document = readReport(report);
      return document === null ? null : `${markdownOf(document)}\n`;
    },
  });
  return { packs: packs.length, problems, foreign };
}

export function denied(): Error {
  const name = "AccessDeniedException";
  return new BackupServiceException({ name, $fault: "client", message: "no", $metadata: { httpStatusCode: 403 } });
}
