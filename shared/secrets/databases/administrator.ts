import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { type Failure, failure, isFailure } from "../failure.ts";
import { lentCheck } from "../granted.ts";
import { readStage } from "../reading.ts";
import type { Check, Rotation } from "../strategy.ts";
import { administratorTag, tagsFrom } from "../tags.ts";
import { type Fields, fieldsOf, optionalField, textField } from "../value.ts";
import { type DatabaseTarget, targetOf } from "./target.ts";

/**
 * Who may change the user of `own`, on the same host: named by the field `masterarn`. The administrator's credential is never sent
 * to a host that its own secret, or its tag `nightshift:administrator`, does not name; and port and TLS are those of its own secret:
 * whoever writes a secret must not be able to have it delivered to where they listen.
 */
export async function administratorOf(
  { outside }: Pick<Rotation, "outside">,
  fields: Fields,
  own: DatabaseTarget,
): Promise<DatabaseTarget | Failure> {
  const arn = textField(fields, "masterarn");
  if (isFailure(arn)) return failure("malformed", arn.message, "add masterarn: the ARN of the administrator's secret");
  const value = await readStage(outside, arn, "AWSCURRENT");
  if (isFailure(value)) return value;
  if (value === null)
    return failure("malformed", "the administrator's secret has no value", "store its user and password");
  const administrator = fieldsOf(value);
  if (isFailure(administrator)) return about(administrator);
  const tagged = Object.hasOwn(administrator, "host") ? null : await taggedPlace(outside, arn);
  if (isFailure(tagged)) return about(tagged);
  const host = tagged?.host ?? textField(administrator, "host");
  if (isFailure(host)) return about(host);
  if (host !== own.host) {
    const remedy =
      tagged === null ? "state the same host in both secrets" : `correct the tag ${administratorTag} on it`;
    return failure("policy", "the administrator's secret is for another host", remedy);
  }
  const target = targetOf({ engine: own.engine, ...administrator, host, ...(tagged?.port && { port: tagged.port }) });
  if (isFailure(target)) return about(target);
  if (target.port !== own.port) {
    const inTag = `state the same port in the tag ${administratorTag} on it: HOST:PORT`;
    const remedy = tagged === null ? "state the same port in both secrets" : inTag;
    return failure("policy", "the administrator's secret is for another port of the host", remedy);
  }
  return { ...target, database: own.database ?? target.database };
}

/** For plans: whether the functions may read the administrator's secret, where one is named. */
export async function administratorGranted(outside: Rotation["outside"], fields: Fields): Promise<Check[]> {
  const arn = optionalField(fields, "masterarn");
  return arn === null ? [] : [await lentCheck(outside, arn)];
}

/** A secret that RDS manages holds user and password alone: the tag says where they are for, `HOST` or `HOST:PORT`. */
async function taggedPlace(
  outside: Rotation["outside"],
  arn: string,
): Promise<{ host: string; port: string | undefined } | Failure> {
  const { Tags } = await outside.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
  const [host = "", port] = (tagsFrom(Tags)[administratorTag] ?? "").split(":");
  return host !== "" && host !== "true"
    ? { host, port }
    : failure("malformed", "its value has no field host", `tag it ${administratorTag} with the host that it is for`);
}

function about(problem: Failure): Failure {
  return { ...problem, message: `the administrator's secret: ${problem.message}` };
}
