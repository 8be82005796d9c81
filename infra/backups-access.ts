import { Stack } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Configuration } from "../shared/configuration/schema.ts";
import { allow } from "./secrets-access.ts";

// What verify-backups may do outside of Nightshift: it looks, and changes nothing.

/** Sees what there is, how each of it could be restored, and where its backups and copies are: in the regions of the policy. */
export function grantVerifying(role: Role, { backups }: Configuration): void {
  const others = [...backups.regions, ...backups.copies.map(({ region }) => region)];
  const regions = [...new Set([Stack.of(role).region, ...others])];
  const there = { StringEquals: { "aws:RequestedRegion": regions } };
  const reason =
    "It looks for what nobody has thought of, so at all there is in the policy's regions; it reads no content, and changes nothing.";
  allow(role, looking, "*", there, reason);
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const looking = [
  ...["ListBackupJobs", "ListBackupVaults", "ListCopyJobs", "ListRecoveryPointsByBackupVault"].map(of("backup")),
  ...["DescribeConfigurationRecorderStatus", "SelectResourceConfig"].map(of("config")),
  ...["DescribeContinuousBackups", "ListTables", "ListTagsOfResource"].map(of("dynamodb")),
  ...["DescribeInstances", "DescribeVolumes"].map(of("ec2")),
  "elasticfilesystem:DescribeFileSystems",
  "fsx:DescribeFileSystems",
  "kms:DescribeKey",
  ...["DescribeDBClusters", "DescribeDBInstances"].map(of("rds")),
  "resource-explorer-2:Search",
  ...["GetBucketNotification", "GetBucketTagging", "GetBucketVersioning", "ListAllMyBuckets"].map(of("s3")),
];

function of(service: string): (action: string) => string {
  return (action) => `${service}:${action}`;
}
