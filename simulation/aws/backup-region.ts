import type { Instant } from "../../shared/instant.ts";
import { accessDenied, invalid, missing, notFound } from "./backup-errors.ts";
import type { BackupJobRecord, CopyJobRecord, PlanRecord, PointRecord, VaultRecord } from "./backup-records.ts";
import { Listing, type Page } from "./listing.ts";
import { isPageSize } from "./pages.ts";
import type { Seam } from "./seam.ts";

/** One region of a simulated AWS Backup, as its commands see it. */
export interface Region {
  now: () => Instant;
  account: string;
  region: string;
  seam: Seam;
  vaults: Listing<VaultRecord>;
  vaultsByName: Map<string, VaultRecord>;
  /** The points of each vault, by its name. */
  pointsOf: Map<string, Listing<PointRecord>>;
  /** The points of each resource, by its ARN: of all vaults, and of none. */
  pointsOfResource: Map<string, Listing<PointRecord>>;
  /** What was backed up at least once, in the order in which it was. */
  resources: Listing<string>;
  points: Map<string, PointRecord>;
  jobs: Listing<BackupJobRecord>;
  copies: Listing<CopyJobRecord>;
  plans: Listing<PlanRecord>;
  /** What the service says of a vault that is not there. */
  absentVault: "access-denied" | "not-found";
}

export function createRegion(known: Pick<Region, "now" | "account" | "region" | "seam">): Region {
  return {
    ...known,
    ...{ vaults: new Listing(), vaultsByName: new Map(), pointsOf: new Map(), pointsOfResource: new Map() },
    ...{
      resources: new Listing(),
      points: new Map(),
      jobs: new Listing(),
      copies: new Listing(),
      plans: new Listing(),
    },
    absentVault: "access-denied",
  };
}

export function vaultArn({ region, account }: Pick<Region, "region" | "account">, name: string): string {
  return `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
}

// Source: API reference, `BackupVaultName`.
const vaultName = /^[a-zA-Z0-9\-_]{2,50}$/;

/**
 * In spite of its documentation the service denies access to a vault that is not there, so that nobody learns which ones are
 * (boto3 #2269, aws-sdk-js #2625).
 */
export function vaultNamed(region: Region, name: string | undefined, account: string | undefined): VaultRecord {
  if (name === undefined || name === "") throw missing("BackupVaultName");
  if (!vaultName.test(name)) throw invalid("Invalid vault name. Must match the pattern ^[a-zA-Z0-9\\-\\_]{2,50}$");
  if (account !== undefined && account !== region.account) throw accessDenied();
  const found = region.vaultsByName.get(name);
  if (found !== undefined) return found;
  throw region.absentVault === "access-denied"
    ? accessDenied()
    : notFound(`Backup Vault ${vaultArn(region, name)} not found.`);
}

const largestPage = 1000;

/** How a page of the listing is asked for, by who sent the command of that name. */
export function pageOf<Item>(
  { seam }: Region,
  command: string,
  listing: Listing<Item>,
  input: { MaxResults?: number | undefined; NextToken?: string | undefined },
  fits?: (item: Item) => boolean,
): Page<Item> {
  const { MaxResults = largestPage, NextToken: token } = input;
  if (!isPageSize(MaxResults, largestPage)) throw invalid(`MaxResults must be between 1 and ${largestPage}`);
  const page = listing.page({ size: seam.pageSize(command, MaxResults), token, ...(fits ? { fits } : {}) });
  if (page === undefined) throw invalid("Invalid NextToken");
  return page;
}

export const noPoints: Listing<PointRecord> = new Listing();

export function rest(next: string | undefined): { NextToken?: string } {
  return next === undefined ? {} : { NextToken: next };
}
