import { BatchGetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { certificateOf } from "../../shared/secrets/certificates.ts";
import { type Failure, failure, isFailure } from "../../shared/secrets/failure.ts";
import type { Observer } from "./observe.ts";
import type { Lifetime, Secret } from "./observed.ts";

/** So many values come with one call. */
export const valuesAtOnce = 20;

/** When the certificates in these secrets end. Of the values nothing else leaves this function. */
export async function lifetimesOf(
  { clients, gaps }: Observer,
  secrets: readonly Secret[],
): Promise<Map<Secret, Lifetime | Failure | null>> {
  const found = new Map<Secret, Lifetime | Failure | null>(secrets.map((secret) => [secret, null]));
  for (let from = 0; from < secrets.length; from += valuesAtOnce) {
    const some = secrets.slice(from, from + valuesAtOnce);
    const ids = some.map(({ arn }) => arn);
    const answer = await gaps.around(`the values of ${some.length} certificates`, () =>
      clients.secrets.send(new BatchGetSecretValueCommand({ SecretIdList: ids })),
    );
    if (answer === null) continue;
    const { SecretValues = [], Errors = [] } = answer;
    const values = new Map(SecretValues.map(({ ARN, SecretString }) => [ARN, SecretString]));
    const errors = new Map(Errors.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode ?? "an unknown error"]));
    for (const secret of some) {
      const code = errors.get(secret.arn) ?? errors.get(secret.name) ?? null;
      if (values.has(secret.arn)) found.set(secret, lifetimeIn(values.get(secret.arn)));
      else if (code === null || /^ResourceNotFound/.test(code)) found.set(secret, noValue);
      else gaps.add(`the value of ${secret.name} could not be read: ${code}`);
    }
  }
  return found;
}

const noValue = failure("malformed", "it has no value", "store the certificate, its key and its chain in it");

/** Of a certificate, and of its key, only when it ends comes out of here. */
function lifetimeIn(text: string | undefined): Lifetime | Failure {
  if (text === undefined) return failure("malformed", "its value is binary", "store the certificate as PEM");
  const certificate = certificateOf({ text });
  if (isFailure(certificate)) return certificate;
  const { notAfter, lifetimeMs } = certificate;
  return { notAfter, lifetimeMs };
}
