import type { Allowed } from "./secrets-permissions.ts";

// What verify-backups may do: it looks at everything, changes nothing, and writes evidence that it cannot take back.

const each = (resource: string, service: string, ...actions: string[]) =>
  actions.map((action) => `${service}:${action} ${resource}`);

const lists = [
  ...["backup:ListBackupJobs", "backup:ListBackupVaults", "backup:ListCopyJobs"],
  ...["backup:ListRecoveryPointsByBackupVault", "config:DescribeConfigurationRecorderStatus"],
  ...["config:SelectResourceConfig", "dynamodb:DescribeContinuousBackups", "dynamodb:ListTables"],
  ...["dynamodb:ListTagsOfResource", "ec2:DescribeInstances", "ec2:DescribeVolumes"],
  ...["elasticfilesystem:DescribeFileSystems", "fsx:DescribeFileSystems", "kms:DescribeKey"],
  ...["rds:DescribeDBClusters", "rds:DescribeDBInstances", "resource-explorer-2:Search"],
  ...["s3:GetBucketNotification", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:ListAllMyBuckets"],
];
const evidence = "VerifyBackupsEvidenceBucket";
const objects = `${evidence}/verify-backups/*`;

export const permissionsOfBackups: Record<string, string[]> = {
  VerifyBackupsOperationRole: [
    ...each("LedgerTable", "dynamodb", "GetItem", "PutItem"),
    "events:PutEvents OpenIncidentsFindings",
    ...each("VerifyBackupsOperationLogs:*", "logs", "CreateLogStream", "PutLogEvents"),
    ...each(objects, "s3", "GetObject", "PutObject", "PutObjectRetention"),
    `s3:ListBucket ${evidence}`,
    ...lists.map((action) => `${action} *`),
  ],
  VerifyBackupsOnScheduleRole: [
    "lambda:InvokeFunction VerifyBackupsOperationFunction",
    "sqs:SendMessage VerifyBackupsOperationDeadLetters",
  ],
};

export const wildcardsOfBackups: Allowed[] = [
  {
    is: `VerifyBackupsOperationRole: Allow ${lists.join(", ")} on *`,
    because:
      "it looks for what nobody has thought of, so at all there is; it reads no content, changes nothing, and only in the policy's regions",
    condition: { StringEquals: { "aws:RequestedRegion": [{ Ref: "AWS::Region" }] } },
  },
  {
    is: `VerifyBackupsOperationRole: Allow s3:GetObject, s3:PutObject, s3:PutObjectRetention on ${objects}`,
    because: "each run keeps its evidence under names of its own, with its time in them, below one prefix",
    condition: null,
  },
  {
    is: `${evidence}Policy: Deny s3:* on ${evidence}, ${evidence}/* to *`,
    because: "it denies: nobody does anything with the bucket without TLS",
    condition: { Bool: { "aws:SecureTransport": "false" } },
  },
];
