import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import { administratorTag, kindTag } from "../shared/secrets/tags.ts";
import { accept } from "./wildcards.ts";

// What the functions may do with secrets. A secret that nobody has tagged is out of their reach, whatever their code does: IAM
// itself holds them to the tags. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html

/** Reads and changes every secret that says its kind. */
export function grantRotation(role: Role): void {
  const actions = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"];
  grantSecrets(role, actions, tagged(kindTag));
  grantAdministrators(role);
  grantKeys(role, ["kms:Decrypt", "kms:GenerateDataKey"]);
}

/** Reads every secret that says its kind, and moves its stages; its values are made by nobody. */
export function grantRepair(role: Role): void {
  const actions = ["DescribeSecret", "GetSecretValue", "ListSecretVersionIds", "UpdateSecretVersionStage"];
  grantSecrets(role, actions, tagged(kindTag));
  grantAdministrators(role);
  grantKeys(role, ["kms:Decrypt"]);
}

/** Sees that secrets are there, and of which kind; of none its value. */
export function grantListing(role: Role): void {
  allow(
    role,
    ["secretsmanager:ListSecrets"],
    "*",
    { StringEquals: { "aws:RequestedRegion": Stack.of(role).region } },
    "ListSecrets can be allowed on every resource only; it tells no value, and only in the stack's own region.",
  );
}

/** Reads what is said of every secret, tagged or not, and of every key: the audit is for those that nobody has thought of. */
export function grantDescribing(role: Role): void {
  const reason =
    "The audit looks at every secret and every key of the account; it reads what is said of them, and no value.";
  allow(role, ["secretsmanager:DescribeSecret"], everySecret(role), undefined, reason);
  allow(role, ["kms:DescribeKey"], everyKey(role), undefined, reason);
}

/** Reads the values of the secrets whose kind says itself when it ends, in no other way than twenty at once. */
export function grantCertificates(role: Role, kinds: readonly string[]): void {
  if (kinds.length === 0) return;
  const ofKinds = { StringEquals: { [`aws:ResourceTag/${kindTag}`]: kinds } };
  grantSecrets(role, ["GetSecretValue"], ofKinds);
  grantKeys(role, ["kms:Decrypt"]);
  allow(
    role,
    ["secretsmanager:BatchGetSecretValue"],
    "*",
    { StringEquals: { "aws:RequestedRegion": Stack.of(role).region } },
    "BatchGetSecretValue can be allowed on every resource only; of each secret GetSecretValue must be allowed as well.",
  );
}

/** Starts rotations of secrets that say their kind, by our own function and no other. */
export function grantStarting(role: Role, rotateFunctionArn: string): void {
  const byUs = { ArnEqualsIfExists: { "secretsmanager:RotationLambdaARN": rotateFunctionArn } };
  grantSecrets(role, ["RotateSecret"], { ...tagged(kindTag), ...byUs });
  // RotateSecret asks that of whoever calls it: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  role.addToPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [rotateFunctionArn] }));
}

/** The secrets that lend their credential: they are read, and changed by nobody here. */
function grantAdministrators(role: Role): void {
  grantSecrets(role, ["DescribeSecret", "GetSecretValue"], tagged(administratorTag));
}

function grantSecrets(role: Role, actions: readonly string[], conditions: Record<string, object>): void {
  const named = actions.map((action) => `secretsmanager:${action}`);
  const reason = "Secrets are made by anybody under any name; only those that carry the tag are reached.";
  allow(role, named, everySecret(role), conditions, reason);
}

/** With any key, but only when Secrets Manager asks for it on the role's behalf. */
function grantKeys(role: Role, actions: string[]): void {
  const { region, urlSuffix } = Stack.of(role);
  const via = { StringEquals: { "kms:ViaService": `secretsmanager.${region}.${urlSuffix}` } };
  const reason = "A secret may be encrypted with any key of the account; one is used through Secrets Manager alone.";
  allow(role, actions, everyKey(role), via, reason);
}

export function allow(
  role: Role,
  actions: string[],
  resource: string,
  conditions: Record<string, object> | undefined,
  reason: string,
): void {
  role.addToPolicy(new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) }));
  accept(role, resource, reason);
}

function tagged(tag: string): Record<string, object> {
  return { Null: { [`aws:ResourceTag/${tag}`]: "false" } };
}

function everySecret(role: Role): string {
  return Stack.of(role).formatArn({
    service: "secretsmanager",
    resource: "secret",
    resourceName: "*",
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function everyKey(role: Role): string {
  return Stack.of(role).formatArn({ service: "kms", resource: "key", resourceName: "*" });
}
