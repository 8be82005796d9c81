import { CfnElement, Duration, RemovalPolicy, Tags } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import { NagSuppressions } from "cdk-nag";
import { Construct } from "constructs";
import { optOutReasonTag, optOutTag, optOutUntilTag } from "../shared/backups/tags.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Broken } from "../shared/failures.ts";
import { accept } from "./wildcards.ts";

/**
 * Where evidence is kept, so that nobody can change or delete it before its time: in compliance mode AWS neither. It is kept when the
 * stack goes.
 */
export class Evidence extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { lock, years }: Configuration["verifyBackups"]["evidence"]) {
    super(scope, id);
    const kept = Duration.days(years * 365);
    this.bucket = new Bucket(this, "Bucket", {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock === "compliance" ? ObjectLockRetention.compliance(kept) : ObjectLockRetention.governance(kept),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // It is a bucket like any other, and found as one: what nobody can delete needs no backup.
    const optOut = { [optOutTag]: "none", [optOutReasonTag]: "Object Lock keeps it", [optOutUntilTag]: "2099-12-31" };
    for (const [tag, value] of Object.entries(optOut)) Tags.of(this.bucket).add(tag, value);
    const reason =
      "Who reads evidence changes nothing of it, and CloudTrail tells who did; a bucket of access logs would need one of its own.";
    NagSuppressions.addResourceSuppressions(this.bucket, [{ id: "AwsSolutions-S1", reason }]);
  }

  /** Puts evidence, locks it, and reads what was begun and not finished. Nobody may delete it, or shorten its time. */
  grantKeeping(role: Role, operation: string): void {
    const { bucketArn } = this.bucket;
    const objects = `${bucketArn}/${operation}/*`;
    const actions = ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"];
    role.addToPolicy(new PolicyStatement({ actions, resources: [objects] }));
    role.addToPolicy(new PolicyStatement({ actions: ["s3:ListBucket"], resources: [bucketArn] }));
    acceptObjects(role, this, operation);
  }
}

function acceptObjects(role: Role, { bucket }: Evidence, operation: string): void {
  const { defaultChild } = bucket.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Broken("a bucket of the library's is no resource");
  const id = bucket.stack.getLogicalId(defaultChild);
  const reason = "Each run keeps its evidence under names of its own, with its time in them, below one prefix.";
  accept(role, `<${id}.Arn>/${operation}/*`, reason);
}
