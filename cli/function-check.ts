import { isIP } from "node:net";
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { unseen } from "../shared/secrets/checks.ts";
import type { Described } from "../shared/secrets/described.ts";
import { type Failure, failure, isFailure } from "../shared/secrets/failure.ts";
import type { Check } from "../shared/secrets/strategy.ts";
import { fieldsOf, optionalField, type Value } from "../shared/secrets/value.ts";
import type { Cloud } from "./aws.ts";

/** Whether a function is attached, is there, is ours, and stands where it reaches the database's host. */
export async function checkFunction(cloud: Cloud, secret: Described, value: Value | null): Promise<Check> {
  const what = "function";
  const { rotationFunction: arn } = secret;
  if (arn === null || secret.rotationEnabled === false) {
    const problem = arn === null ? "no rotation function is attached" : "its rotation is turned off";
    const remedy = "let audit-secrets attach it (auditSecrets.mode: act), or do so in Secrets Manager";
    return failed(failure("policy", problem, remedy));
  }
  try {
    const found = await cloud.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
    const alien = alienFailure(cloud, nameOf(arn), found);
    if (alien !== null) return failed(alien);
    const vpc = found.VpcConfig?.VpcId ?? "";
    const host = value === null ? null : await privateHostOf(cloud, value);
    if (vpc === "" && host !== null) {
      const problem = `the host ${host} has a private address, and the function stands in no VPC`;
      return failed(failure("network", problem, "state `network` in the configuration, and deploy"));
    }
    return { what, seen: vpc === "" ? `${nameOf(arn)}, in no VPC` : `${nameOf(arn)} in ${vpc}`, failure: null };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) return unseen(what, error, "AWS Lambda");
    return failed(failure("policy", `the function ${nameOf(arn)} that is attached does not exist`, attachOurs));
  }
}

function failed(problem: Failure): Check {
  return { what: "function", seen: problem.message, failure: problem };
}

const attachOurs = "attach the stack's output RotateFunction: aws secretsmanager rotate-secret --rotation-lambda-arn";

/**
 * Any function can be attached, and only ours rotates as the plan says. It is known by what the stack has given it. Null where it is ours,
 * and where its variables are not told, because whoever plans may not decrypt them.
 */
function alienFailure(
  { environment, ledger }: Cloud,
  name: string,
  { Description = "", Environment }: FunctionConfiguration,
): Failure | null {
  if (Environment?.Error !== undefined) return null;
  const { NIGHTSHIFT_LEDGER_TABLE: table, NIGHTSHIFT_ENVIRONMENT: its = "" } = Environment?.Variables ?? {};
  const isOther = Description.startsWith("Nightshift ") && !Description.endsWith(": rotate-secrets");
  if (table === undefined || isOther) {
    return failure("policy", `the function ${name} that is attached is not Nightshift's rotate-secrets`, attachOurs);
  }
  if (its !== environment) {
    const problem = `the function ${name} is the one of ${its}, and the plan is for ${environment}`;
    return failure("policy", problem, `--environment ${its}, or attach the other stack's output RotateFunction`);
  }
  if (ledger === null || ledger.table === table) return null;
  const problem = `the function ${name} keeps its records in ${table}, and ${ledger.table} is named`;
  return failure("policy", problem, `--ledger ${table}, or attach the other stack's output RotateFunction`);
}

function nameOf(arn: string): string {
  return arn.split(":")[6] ?? arn;
}

/** The host that the secret names, where one of its addresses is a private one. */
async function privateHostOf({ addresses }: Cloud, value: Value): Promise<string | null> {
  const fields = fieldsOf(value);
  const host = isFailure(fields) ? null : optionalField(fields, "host");
  if (host === null || !/^[\w.:-]{1,253}$/.test(host)) return null;
  const found = isIP(host) > 0 ? [host] : await addresses(host);
  return found.some(isPrivate) ? host : null;
}

/** RFC 1918 and RFC 4193, and what a machine calls itself. */
function isPrivate(address: string): boolean {
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd]|::1$)/i.test(address);
}
