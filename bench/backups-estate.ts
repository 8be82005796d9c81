import type { Looking } from "../functions/verify-backups/run.ts";
import { day, type Instant, minute } from "../shared/instant.ts";
import { type BackedAccount, createBackedAccount, home } from "../simulation/backed-account.ts";
import { peakMemory } from "./peak-memory.ts";

/** What one verification of an estate takes. */
export interface EstateRun {
  vaults: number;
  points: number;
  /** How many there are, and how many have each verdict, as the function says itself. */
  counted: Record<string, unknown>;
  /** Of AWS Backup, and the least with which it tells all of this: a thousand of each with every call. */
  calls: number;
  leastCalls: number;
  /** Of all services. */
  allCalls: number;
  cpuMilliseconds: number;
  /** Of these, what the simulated services took. */
  simulatedMilliseconds: number;
  peakBytes: number;
}

const start: Instant = Date.UTC(2027, 2, 15, 12);
const perPage = 1_000;

/** Volumes, databases and tables with a point for each of the last days, in vaults some of which are large; some points are copied. */
export async function verifyEstate(
  policies: Looking["policies"],
  { vaults, points }: { vaults: number; points: number },
): Promise<EstateRun> {
  const account = await createBackedAccount({ policies, start });
  const { inVaults, copies, jobs } = fill(account, vaults, points);
  const spent = timed(account);
  const before = process.cpuUsage();
  await account.run();
  const { user, system } = process.cpuUsage(before);
  const pages = (count: number) => Math.max(1, Math.ceil(count / perPage));
  return {
    ...{ vaults, points: inVaults.reduce((sum, count) => sum + count, 0), counted: account.log.at(-1)?.fields ?? {} },
    calls: account.calls.filter(({ service }) => service === "backup").length,
    leastCalls: [vaults, copies, jobs, ...inVaults].map(pages).reduce((sum, each) => sum + each),
    ...{ allCalls: account.calls.length, cpuMilliseconds: (user + system) / 1_000 },
    ...{ simulatedMilliseconds: spent.milliseconds, peakBytes: peakMemory() },
  };
}

const pointsEach = 33;
const keyCount = 20;

/** A tenth of the vaults holds two thirds of the points. One point in fifty is a copy. */
function fill(account: BackedAccount, vaults: number, points: number) {
  const { backup, kms } = account.in(home.region);
  const keys = Array.from({ length: keyCount }, (_, index) => kms.put(`key-${index}`).arn);
  const names = Array.from({ length: vaults }, (_, index) => `vault-${index}`);
  for (const name of names) backup.putVault(name, { isLocked: true });
  const large = Math.ceil(vaults / 10);
  const copies = Math.floor(points / 50);
  const resources = putResources(account, Math.ceil(points / pointsEach));
  const inVaults = names.map(() => 0);
  for (let index = 0; index < points - copies; index++) {
    const place = index % 3 === 0 ? large + (index % (vaults - large)) : index % large;
    const resource = resources[index % resources.length] ?? "";
    const createdAt = start - Math.floor(index / resources.length) * day - 30 * minute;
    const point = backup.putPoint(`vault-${place}`, resource, { createdAt, keyArn: keys[index % keyCount] ?? null });
    inVaults[place] = (inVaults[place] ?? 0) + 1;
    if (index >= copies) continue;
    backup.copy(point, { region: home.region, vault: "vault-0" });
    inVaults[0] = (inVaults[0] ?? 0) + 1;
  }
  for (const resourceArn of resources)
    backup.putJob({ vault: "vault-0", resourceArn }, { createdAt: start - 30 * minute });
  return { inVaults, copies, jobs: resources.length };
}

/** Six volumes for each three databases and each table. */
function putResources(account: BackedAccount, count: number): string[] {
  const { rds, dynamodb, ec2 } = account.in(home.region);
  return Array.from({ length: count }, (_, index) => {
    if (index % 10 < 6) return volumeArn(ec2.putVolume(`vol-${index}`).id);
    if (index % 10 < 9) return rds.putInstance(`database-${index}`).arn;
    return dynamodb.put(`table-${index}`, { recovery: "ENABLED" }).arn;
  });
}

function volumeArn(id: string): string {
  return `arn:aws:ec2:${home.region}:${home.account}:volume/${id}`;
}

/** Processor time that the simulated services take: they answer before they wait for anything. */
function timed(account: BackedAccount): { milliseconds: number } {
  const spent = { milliseconds: 0 };
  account.around = (_, execute) => {
    const before = process.threadCpuUsage();
    const answer = execute();
    const { user, system } = process.threadCpuUsage(before);
    spent.milliseconds += (user + system) / 1_000;
    return answer;
  };
  return spent;
}
