import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import { rotatedTag } from "../shared/secrets/tags.ts";
import { allow } from "./secrets-access.ts";

// What the strategies do outside of Secrets Manager. As with secrets, only what carries a tag is within reach.

/** Makes credentials, and ends them: access keys of IAM's users, passwords of ElastiCache's, certificates that ACM has imported. */
export function grantMaking(role: Role): void {
  grantCredentials(role, ["CreateAccessKey", ...ending]);
}

/** Ends the life of credentials, and puts a certificate back in the place of one that nobody shall have. */
export function grantEnding(role: Role): void {
  grantCredentials(role, ending);
}

const ending = ["DeleteAccessKey", "GetAccessKeyLastUsed", "ListAccessKeys", "UpdateAccessKey"];

function grantCredentials(role: Role, keyActions: readonly string[]): void {
  const stack = Stack.of(role);
  const reason = "Users and certificates have any name; only one that carries the tag is touched.";
  const users = stack.formatArn({ service: "iam", region: "", resource: "user", resourceName: "*" });
  const keys = keyActions.map((action) => `iam:${action}`);
  allow(role, keys, users, tagged, reason);
  const cacheUsers = stack.formatArn({
    service: "elasticache",
    resource: "user",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  allow(role, ["elasticache:DescribeUsers", "elasticache:ModifyUser"], cacheUsers, tagged, reason);
  const certificates = stack.formatArn({ service: "acm", resource: "certificate", resourceName: "*" });
  allow(role, ["acm:DescribeCertificate", "acm:ImportCertificate"], certificates, tagged, reason);
}

const tagged = { Null: { [`aws:ResourceTag/${rotatedTag}`]: "false" } };
