import { typed } from "../shared/secrets/aws.ts";
import type { Described } from "../shared/secrets/described.ts";
import { type Failure, failure, isFailure } from "../shared/secrets/failure.ts";
import { readStage } from "../shared/secrets/reading.ts";
import { alienReason, skipReason } from "../shared/secrets/skips.ts";
import type { Check, Steps, Strategy } from "../shared/secrets/strategy.ts";
import { kindTag } from "../shared/secrets/tags.ts";
import type { Value } from "../shared/secrets/value.ts";
import { suggestion } from "../shared/text.ts";
import type { Cloud } from "./aws.ts";
import { checkFunction } from "./function-check.ts";
import { checkFreeze, checkKey, checkQuota, checkRecord, checkStages } from "./rotation-checks.ts";
import { questionOf, secretNamed, strategyOf } from "./secrets.ts";

/** What a rotation of a secret would do, and what would stop it. Nothing of a value is in it. */
export interface Plan {
  secret: Described;
  kind: string | null;
  /** Whether the configuration has that kind. */
  isKnown: boolean;
  intervalDays: number | null;
  graceHours: number;
  strategy: Strategy | null;
  steps: Steps | null;
  checks: Check[];
}

/** Only asks; with `logins` also whoever the credential is for, from this machine. Throws `Refused` when there is no such secret; whatever else would stop a rotation is a check that failed. */
export async function planRotation(cloud: Cloud, id: string, tries: "logins" | "nothing"): Promise<Plan> {
  const secret = await secretNamed(cloud, id);
  const { graceHours, kinds } = cloud.configuration.secrets;
  const kind = secret.tags[kindTag] ?? null;
  const known = kind !== null && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  const plan: Plan = {
    ...{
      secret,
      kind,
      isKnown: known !== undefined,
      intervalDays: known?.rotateDays ?? null,
      graceHours,
      strategy: null,
      steps: null,
    },
    checks: [passed("secret", `${secret.name} is there`)],
  };
  const { checks } = plan;
  const skip = skipReason(secret, cloud.region);
  checks.push(
    skip === null
      ? passed("ownership", "it is ours to rotate")
      : failed("ownership", notOurs(secret, skip, cloud.region)),
  );
  if (kind !== null) {
    checks.push(known === undefined ? failed("kind", unknownKind(kind, Object.keys(kinds))) : passed("kind", kind));
  }
  checks.push(await checkFunction(cloud, secret, null));
  checks.push(checkStages(secret), await checkRecord(cloud, secret), await checkFreeze(cloud));
  checks.push(await checkKey(cloud, secret));
  // A value that nobody needs is not read.
  if (skip !== null) return plan;
  const value = await read(cloud, secret);
  if (isFailure(value)) checks.push(failed("value", value));
  else await addStrategy(cloud, plan, value, tries === "logins");
  return plan;
}

/** What the secret holds decides the rest. */
async function addStrategy(cloud: Cloud, plan: Plan, value: Value, logsIn: boolean): Promise<void> {
  const { secret, checks } = plan;
  checks.push(passed("value", "it can be read, so its key can be used"), await checkQuota(cloud, secret, value));
  // Now it is known which host the function must reach.
  const place = checks.findIndex(({ what }) => what === "function");
  if (checks[place]?.failure === null) checks[place] = await checkFunction(cloud, secret, value);
  const strategy = await strategyOf(cloud, secret, value);
  if (isFailure(strategy)) {
    checks.push(failed("strategy", strategy));
    return;
  }
  const question = questionOf(cloud, secret, "plan");
  const steps = strategy.steps(question, value);
  plan.strategy = strategy;
  if (isFailure(steps)) {
    checks.push(failed("strategy", steps));
    return;
  }
  plan.steps = steps;
  checks.push(passed("strategy", strategy.name), ...(logsIn ? await strategy.preflight(question, value) : []));
}

function read({ outside }: Cloud, { arn }: Described): Promise<Value | Failure> {
  return typed("Secrets Manager", async () => (await readStage(outside, arn, "AWSCURRENT")) ?? empty);
}

const empty = failure("malformed", "it has no value", "store a value first");

export function passed(what: string, seen: string): Check {
  return { what, seen, failure: null };
}

export function failed(what: string, problem: Failure): Check {
  return { what, seen: problem.message, failure: problem };
}

function notOurs(secret: Described, skip: string, region: string): Failure {
  return failure("policy", skip, remedyOf(secret, region));
}

function remedyOf(secret: Described, region: string): string {
  const { deletedAt, primaryRegion, name } = secret;
  if (deletedAt !== null) return `aws secretsmanager restore-secret --secret-id ${name}, if it is still needed`;
  if (alienReason(secret, region) === null) {
    return `tag it ${kindTag} with its kind if it is to be rotated by Nightshift`;
  }
  return primaryRegion !== null && primaryRegion !== region
    ? `plan it in ${primaryRegion}: what is rotated there comes here by itself`
    : "nothing is to be done here: whoever manages it rotates it";
}

function unknownKind(kind: string, kinds: readonly string[]): Failure {
  const problem = `its kind ${kind} is none of the configuration's${suggestion(kind, kinds)}`;
  return failure("malformed", problem, `state one of ${kinds.join(", ")}`);
}
