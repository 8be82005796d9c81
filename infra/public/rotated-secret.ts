import { Annotations, Fn, type RemovalPolicy, Tags, Token } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnRotationSchedule, type ISecret, Secret, type SecretStringGenerator } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { environmentNamed } from "../../shared/configuration/environments.ts";
import { Refused } from "../../shared/failures.ts";
import { kindTag, strategyTag } from "../../shared/secrets/tags.ts";
import { quoted } from "../../shared/text.ts";
import { type DatabaseSecretProps, databaseGenerator } from "./database-secret.ts";

/** What every secret says of its rotation. */
export interface RotationProps {
  /**
   * The environment of Nightshift that rotates it: development, testing, staging or production. Its stack is deployed in the same
   * account and region before. Not needed with `rotationFunctionArn`.
   */
  readonly environment?: string;
  /** The ARN of rotate-secrets. Default: what the stack of `environment` exports. */
  readonly rotationFunctionArn?: string;
  /** How it is rotated, for example `random`. Default: what suits its kind and its value. */
  readonly strategy?: string;
  /**
   * Days that the oldest credential which still works may live. It is rotated so much earlier that the previous one is dead by then.
   * Default: 90; for a service-account 180. Every other kind must state it.
   */
  readonly rotateDays?: number;
  /** Hours that the previous credential goes on working: `secrets.graceHours` of Nightshift's configuration. Default: 24. */
  readonly graceHours?: number;
  /** Minutes between two audits: `findings.cadenceMinutes` of Nightshift's configuration, or its own. Default: 60. */
  readonly cadenceMinutes?: number;
  /** Further tags `nightshift:…`, without that beginning: `{ length: "64" }`. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What is said of a secret that is made here. */
export interface NewSecretProps {
  /** Default: a name that CloudFormation makes. */
  readonly secretName?: string;
  readonly description?: string;
  /** Default: the key `aws/secretsmanager`. The policy of one of your own must let the account's IAM policies count. */
  readonly encryptionKey?: IKey;
  /** Default: it goes with the stack. */
  readonly removalPolicy?: RemovalPolicy;
}

export interface RotatedSecretProps extends RotationProps, NewSecretProps {
  /** api-key, database-password, service-account, certificate, or a kind of Nightshift's configuration (`secrets.kinds`). */
  readonly kind: string;
  /** A secret that is there already. Default: one is made. */
  readonly secret?: ISecret;
  /** The first value of one that is made. Default: 40 random letters and digits. */
  readonly generateSecretString?: SecretStringGenerator;
}

/** A secret that Nightshift rotates. Throws `Refused`, one line, when a prop cannot be. */
export class RotatedSecret extends Construct {
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: RotatedSecretProps) {
    super(scope, id);
    const refuse = (problem: string) => new Refused(`RotatedSecret ${this.node.path}: ${problem}`);
    const days = attachedDays(props, refuse);
    const rotationLambdaArn = functionArn(props, refuse);
    const tags = nightshiftTags(props, refuse);
    this.secret = props.secret ?? this.#newSecret(props);
    this.#tag(tags);
    new CfnRotationSchedule(this, "Rotation", {
      secretId: this.secret.secretArn,
      rotationLambdaArn,
      rotationRules: { automaticallyAfterDays: days },
      // Else each change of the schedule would rotate it, at whatever hour that is deployed.
      rotateImmediatelyOnUpdate: false,
    });
  }

  /** A database's user: where the database is stands in the secret, and its first password is made. */
  static database(scope: Construct, id: string, props: DatabaseSecretProps): RotatedSecret {
    const refuse = (problem: string) => new Refused(`RotatedSecret ${scope.node.path}/${id}: ${problem}`);
    const generateSecretString = databaseGenerator(scope, props, refuse);
    return new RotatedSecret(scope, id, { ...props, kind: "database-password", generateSecretString });
  }

  #newSecret({ secretName, description, encryptionKey, removalPolicy, generateSecretString }: RotatedSecretProps) {
    return new Secret(this, "Secret", {
      ...{ secretName, description, encryptionKey, removalPolicy },
      generateSecretString: generateSecretString ?? { passwordLength: 40, excludePunctuation: true },
    });
  }

  #tag(tags: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(tags)) Tags.of(this.secret).add(name, value);
    // CloudFormation tags only what it has made.
    if (this.secret.node.defaultChild !== undefined) return;
    const wanted = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
    const warning = `this stack cannot tag the secret, and Nightshift rotates none without its tags; add ${wanted.join(", ")}`;
    Annotations.of(this).addWarningV2("nightshift:tags", warning);
  }
}

type Refuse = (problem: string) => Refused;

/** So many days are set, so that the previous credential is dead before the interval ends. */
function attachedDays({ kind, rotateDays, graceHours = 24, cadenceMinutes = 60 }: RotatedSecretProps, refuse: Refuse) {
  const interval = rotateDays ?? (Object.hasOwn(intervals, kind) ? intervals[kind] : undefined);
  if (interval === undefined) throw refuse(`nobody knows how often a ${quoted(kind)} is rotated; state rotateDays`);
  const numbers = { rotateDays: interval, graceHours, cadenceMinutes };
  for (const [name, number] of Object.entries(numbers)) {
    if (number > 0 && Number.isInteger(number)) continue;
    throw refuse(`${name} is ${quoted(number)}; it must be a whole number, at least 1`);
  }
  const days = Math.floor(interval - graceHours / 24 - cadenceMinutes / 1_440);
  if (days >= 1 && days <= 1_000) return days;
  const least = Math.ceil(1 + graceHours / 24 + cadenceMinutes / 1_440);
  throw refuse(
    days < 1
      ? `rotateDays is ${interval}; with ${graceHours} h of grace and a cadence of ${cadenceMinutes} min it must be at least ${least}`
      : `rotateDays is ${interval}; Secrets Manager rotates at least every 1000 days`,
  );
}

/** Of the kinds that are rotated at an interval, in days: as `secrets.kinds` of Nightshift's configuration has them. */
const intervals: Readonly<Record<string, number>> = { "api-key": 90, "database-password": 90, "service-account": 180 };

function functionArn({ environment, rotationFunctionArn }: RotationProps, refuse: Refuse): string {
  if (rotationFunctionArn !== undefined) {
    if (Token.isUnresolved(rotationFunctionArn) || /^arn:[\w-]+:lambda:/.test(rotationFunctionArn)) {
      return rotationFunctionArn;
    }
    throw refuse(`rotationFunctionArn is ${quoted(rotationFunctionArn)}; it must be the ARN of a Lambda function`);
  }
  if (environment === undefined) throw refuse("who rotates it? State environment, or rotationFunctionArn");
  try {
    return Fn.importValue(`nightshift-${environmentNamed(environment)}-rotate-secrets`);
  } catch (error) {
    throw error instanceof Refused ? refuse(error.message) : error;
  }
}

function nightshiftTags({ kind, strategy, tags = {} }: RotatedSecretProps, refuse: Refuse): Record<string, string> {
  const further = Object.entries(tags).map(([name, value]) => [`nightshift:${name}`, value] as const);
  const all = { ...Object.fromEntries(further), [kindTag]: kind, ...(strategy && { [strategyTag]: strategy }) };
  for (const [name, value] of Object.entries(all)) {
    if (name.startsWith("nightshift:nightshift:")) throw refuse(`tags: ${quoted(name.slice(11))} begins so by itself`);
    if (/^nightshift:[\w./+=@-]{1,116}$/.test(name) && /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u.test(value)) continue;
    throw refuse(`the tag ${quoted(name)} cannot be ${quoted(value)}; letters, digits, spaces and _ . : / = + - @ can`);
  }
  return all;
}
