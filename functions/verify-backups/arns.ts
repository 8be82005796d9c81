import type { Resource, ResourceType } from "../../shared/backups/types.ts";

const patterns: readonly (readonly [ResourceType, RegExp])[] = [
  ["RDS", /^arn:[^:]+:rds:[^:]*:\d*:db:/],
  ["Aurora", /^arn:[^:]+:rds:[^:]*:\d*:cluster:/],
  ["DynamoDB", /^arn:[^:]+:dynamodb:[^:]*:\d*:table\/[^/]+$/],
  ["S3", /^arn:[^:]+:s3:::[^/]+$/],
  ["EBS", /^arn:[^:]+:ec2:[^:]*:\d*:volume\//],
  ["EC2", /^arn:[^:]+:ec2:[^:]*:\d*:instance\//],
  ["EFS", /^arn:[^:]+:elasticfilesystem:[^:]*:\d*:file-system\//],
  ["FSx", /^arn:[^:]+:fsx:[^:]*:\d*:file-system\//],
];

/** The type of what an ARN names; null where it is in no form that is known here. */
export function typeOfArn(arn: string): ResourceType | null {
  return patterns.find(([, pattern]) => pattern.test(arn))?.[0] ?? null;
}

export type Known = Pick<Resource, "arn" | "type">;

export function knownArns(arns: readonly (string | undefined)[]): Known[] {
  return arns.flatMap((arn) => {
    const type = arn === undefined ? null : typeOfArn(arn);
    return arn === undefined || type === null ? [] : [{ arn, type }];
  });
}
