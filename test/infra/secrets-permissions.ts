// What the roles that look after secrets may do, and why a statement of theirs stands for more than one thing. Secrets are
// theirs by tag alone: the conditions are what holds them in.

const arn = (service: string, rest: string, region = "AWS::Region") =>
  `arn:AWS::Partition:${service}:${region}:AWS::AccountId:${rest}`;
const secret = arn("secretsmanager", "secret:*");
const key = arn("kms", "key/*");
const user = arn("iam", "user/*", "");
const cacheUser = arn("elasticache", "user:*");
const certificate = arn("acm", "certificate/*");

const each = (resource: string, service: string, ...actions: string[]) =>
  actions.map((action) => `${service}:${action} ${resource}`);
const ledger = each("LedgerTable", "dynamodb", "GetItem", "PutItem");
const queue = "dynamodb:Query LedgerTable/index/queue";
const tells = "events:PutEvents OpenIncidentsFindings";
const logs = (operation: string) => each(`${operation}OperationLogs:*`, "logs", "CreateLogStream", "PutLogEvents");
const letters = (operation: string, ...actions: string[]) =>
  each(`${operation}OperationDeadLetters`, "sqs", ...actions);
const changed = [
  ...each(cacheUser, "elasticache", "DescribeUsers", "ModifyUser"),
  ...each(certificate, "acm", "DescribeCertificate", "ImportCertificate"),
];
const oldKeys = each(user, "iam", "DeleteAccessKey", "GetAccessKeyLastUsed", "ListAccessKeys", "UpdateAccessKey");
const scheduler = (operation: string) => [
  `lambda:InvokeFunction ${operation}OperationFunction`,
  ...letters(operation, "SendMessage"),
];

export const permissionsOfSecrets: Record<string, string[]> = {
  RotateSecretsOperationRole: [
    ...ledger,
    tells,
    ...logs("RotateSecrets"),
    ...letters("RotateSecrets", "GetQueueAttributes", "GetQueueUrl", "SendMessage"),
    ...each(secret, "secretsmanager", "DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"),
    ...each(key, "kms", "Decrypt", "GenerateDataKey"),
    ...oldKeys,
    `iam:CreateAccessKey ${user}`,
    ...changed,
  ],
  AuditSecretsOperationRole: [
    ...ledger,
    queue,
    tells,
    ...logs("AuditSecrets"),
    ...each("*", "secretsmanager", "BatchGetSecretValue", "ListSecrets"),
    ...each(secret, "secretsmanager", "DescribeSecret", "GetSecretValue"),
    ...each(key, "kms", "Decrypt", "DescribeKey"),
    "acm:ListCertificates *",
    "iam:ListServerCertificates *",
  ],
  AuditSecretsOnScheduleRole: scheduler("AuditSecrets"),
  HealRotationsOperationRole: [
    ...ledger,
    queue,
    tells,
    ...logs("HealRotations"),
    "secretsmanager:ListSecrets *",
    ...each(
      secret,
      ...["secretsmanager", "DescribeSecret", "GetSecretValue", "ListSecretVersionIds", "UpdateSecretVersionStage"],
    ),
    `kms:Decrypt ${key}`,
    ...oldKeys,
    ...changed,
  ],
  HealRotationsOnScheduleRole: scheduler("HealRotations"),
};

/** A statement that stands for more than one thing, what holds it in, and why it is right. */
export interface Allowed {
  /** As `wildcardsOf` writes it. */
  is: string;
  because: string;
  /** What holds it in; null where nothing does, and then `because` says why nothing can. */
  condition: unknown;
}

const tagged = (tag: string) => ({ Null: { [`aws:ResourceTag/nightshift:${tag}`]: "false" } });
const here = { StringEquals: { "aws:RequestedRegion": { Ref: "AWS::Region" } } };
const service = ["secretsmanager.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }];
const viaSecretsManager = { StringEquals: { "kms:ViaService": { "Fn::Join": ["", service] } } };

const anyName = "secrets are made by anybody under any name; only those that say their kind are reached";
const administrators = "an administrator's secret has any name; it is read, and nobody here changes it";
const anyKey = "a secret may be encrypted with any key of the account; one is used through Secrets Manager alone";
const anyUser = "users have any name; only one that its owner has tagged for it is touched";

/** Of one role: what its statement says, what holds it in, and why. */
const allow = (owner: string, says: string, condition: unknown, because: string): Allowed => ({
  is: `${owner}OperationRole: Allow ${says}`,
  because,
  condition,
});
const named = (service: string, ...actions: string[]) => actions.map((action) => `${service}:${action}`).join(", ");
const secrets = (...actions: string[]) => `${named("secretsmanager", ...actions)} on ${secret}`;
const keys = (...actions: string[]) => `${named("kms", ...actions)} on ${key}`;
const users = (...actions: string[]) => `${named("iam", ...actions)} on ${user}`;
const endKeys = ["DeleteAccessKey", "GetAccessKeyLastUsed", "ListAccessKeys", "UpdateAccessKey"];

const ofWhatEntersDatabases = (owner: string) => [
  allow(owner, secrets("DescribeSecret", "GetSecretValue"), tagged("administrator"), administrators),
  allow(owner, `${named("elasticache", "DescribeUsers", "ModifyUser")} on ${cacheUser}`, tagged("rotated"), anyUser),
  allow(
    owner,
    `${named("acm", "DescribeCertificate", "ImportCertificate")} on ${certificate}`,
    tagged("rotated"),
    "ACM chooses the names of certificates; only one that its owner has tagged for it is replaced",
  ),
];

const ofRotating = [
  allow(
    "RotateSecrets",
    secrets("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"),
    tagged("kind"),
    anyName,
  ),
  allow("RotateSecrets", keys("Decrypt", "GenerateDataKey"), viaSecretsManager, anyKey),
  allow("RotateSecrets", users("CreateAccessKey", ...endKeys), tagged("rotated"), anyUser),
];

const ofHealing = [
  allow(
    "HealRotations",
    secrets("DescribeSecret", "GetSecretValue", "ListSecretVersionIds", "UpdateSecretVersionStage"),
    tagged("kind"),
    anyName,
  ),
  allow("HealRotations", keys("Decrypt"), viaSecretsManager, anyKey),
  allow("HealRotations", users(...endKeys), tagged("rotated"), anyUser),
  allow(
    "HealRotations",
    "secretsmanager:ListSecrets on *",
    here,
    "ListSecrets can be allowed on every resource only; it tells no value, and only in the stack's own region",
  ),
];

const ofAuditing = [
  allow(
    "AuditSecrets",
    "acm:ListCertificates, secretsmanager:BatchGetSecretValue, secretsmanager:ListSecrets on *",
    here,
    "all three can be allowed on every resource only; of each secret that is read GetSecretValue must be allowed as well, and it is by kind",
  ),
  allow(
    "AuditSecrets",
    secrets("GetSecretValue"),
    { StringEquals: { "aws:ResourceTag/nightshift:kind": ["certificate"] } },
    "only the kinds whose value says when it ends are read: those whose rotateDays is null",
  ),
  allow("AuditSecrets", keys("Decrypt"), viaSecretsManager, anyKey),
  allow(
    "AuditSecrets",
    secrets("DescribeSecret"),
    null,
    "the audit is for the secrets that nobody has thought of, tagged or not; it reads what is said of them, and no value",
  ),
  allow(
    "AuditSecrets",
    keys("DescribeKey"),
    null,
    "a secret may be encrypted with any key of the account; whether it still works is read, and nothing is decrypted by it",
  ),
  allow(
    "AuditSecrets",
    "iam:ListServerCertificates on *",
    null,
    "it can be allowed on every resource only, and no condition fits: IAM is of no region, and its list has no tags",
  ),
];

export const wildcardsOfSecrets: Allowed[] = [
  ...["RotateSecrets", "HealRotations"].flatMap(ofWhatEntersDatabases),
  ...ofRotating,
  ...ofHealing,
  ...ofAuditing,
];
