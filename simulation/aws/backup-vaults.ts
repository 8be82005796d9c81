import type {
  BackupVaultListMember,
  DescribeBackupVaultCommandInput,
  DescribeBackupVaultCommandOutput,
  ListBackupVaultsCommandInput,
  ListBackupVaultsCommandOutput,
  ListTagsCommandInput,
  ListTagsCommandOutput,
} from "@aws-sdk/client-backup";
import { refuseParameters } from "../commands.ts";
import { missing, notFound } from "./backup-errors.ts";
import type { VaultRecord } from "./backup-records.ts";
import { pageOf, type Region, rest, vaultNamed } from "./backup-region.ts";
import { Listing } from "./listing.ts";
import { dated, ok, stated, type Wire } from "./wire.ts";

export function listVaults(region: Region, input: ListBackupVaultsCommandInput): Wire<ListBackupVaultsCommandOutput> {
  const command = "ListBackupVaultsCommand";
  refuseParameters("Backup", command, input, ["ByVaultType", "MaxResults", "NextToken"]);
  const { ByVaultType: wanted } = input;
  const fits = ({ type }: VaultRecord) => wanted === undefined || type === wanted;
  const { items, next } = pageOf(region, command, region.vaults, input, fits);
  return { ...ok, BackupVaultList: items.map((vault) => vaultOf(region, vault)), ...rest(next) };
}

export function describeVault(
  region: Region,
  input: DescribeBackupVaultCommandInput,
): Wire<DescribeBackupVaultCommandOutput> {
  refuseParameters("Backup", "DescribeBackupVaultCommand", input, ["BackupVaultName", "BackupVaultAccountId"]);
  const vault = vaultNamed(region, input.BackupVaultName, input.BackupVaultAccountId);
  return { ...ok, ...vaultOf(region, vault) };
}

/** One that is not locked has neither bounds of retention nor a date. */
function vaultOf({ pointsOf }: Region, vault: VaultRecord): Wire<BackupVaultListMember> {
  const { name, isLocked, keyArn } = vault;
  return {
    ...{ BackupVaultName: name, BackupVaultArn: vault.arn, VaultType: vault.type, VaultState: vault.state },
    CreationDate: new Date(vault.createdAt),
    ...stated("EncryptionKeyArn", keyArn),
    EncryptionKeyType: keyArn === null ? "AWS_OWNED_KMS_KEY" : "CUSTOMER_MANAGED_KMS_KEY",
    NumberOfRecoveryPoints: pointsOf.get(name)?.items.length ?? 0,
    Locked: isLocked,
    ...stated("MinRetentionDays", vault.minimumRetentionDays),
    ...stated("MaxRetentionDays", vault.maximumRetentionDays),
    ...dated("LockDate", vault.lockedForGoodAt),
  };
}

/** Of a vault, a point or a plan; all at once, unless they are asked for in pages. */
export function listTags(region: Region, input: ListTagsCommandInput): ListTagsCommandOutput {
  const command = "ListTagsCommand";
  refuseParameters("Backup", command, input, ["ResourceArn", "MaxResults", "NextToken"]);
  const { ResourceArn = "" } = input;
  if (ResourceArn === "") throw missing("ResourceArn");
  const found =
    region.points.get(ResourceArn) ??
    region.vaults.items.find(({ arn }) => arn === ResourceArn) ??
    region.plans.items.find(({ arn }) => arn === ResourceArn);
  if (found === undefined) throw notFound(`${ResourceArn} does not exist`);
  const tags = new Listing<[string, string]>();
  for (const tag of Object.entries(found.tags)) tags.add(tag);
  const { items, next } = pageOf(region, command, tags, input);
  return { ...ok, Tags: Object.fromEntries(items), ...rest(next) };
}
