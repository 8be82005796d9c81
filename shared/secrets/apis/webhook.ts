import { createHmac } from "node:crypto";
import type { Webhook } from "../../configuration/apis-schema.ts";
import { iso } from "../../instant.ts";
import { type Failure, failure, isFailure } from "../failure.ts";
import { readStage } from "../reading.ts";
import { acceptedKeys, signingKeysOf } from "../signing-keys.ts";
import type { Rotation } from "../strategy.ts";
import type { Fields } from "../value.ts";
import type { Issuer } from "./issuer.ts";
import { at, jsonIn } from "./pointer.ts";
import { type Answered, placeOf, send } from "./send.ts";

/** When it was sent, as Unix seconds: whoever receives it refuses what is old. */
export const timestampHeader = "nightshift-timestamp";
/** `v1=` and the HMAC-SHA256 of timestamp, dot and body, in hex; two of them, with a comma, while the signing key is rotated. */
export const signatureHeader = "nightshift-signature";

/**
 * One URL of one's own that makes, tests and revokes. For the same secret and version it must give the same credential each time:
 * a run may be cut off after it was asked and before its answer is stored.
 */
export function webhookIssuer(webhook: Webhook): Issuer {
  return {
    place: placeOf(webhook.url),
    lent: webhook.signingSecret,
    create: (rotation, current) => created(webhook, rotation, current),
    async test(rotation, tested) {
      const answer = await tell(webhook, rotation, "test", tested);
      if (isFailure(answer)) return answer;
      const works = at(answer.document, "/works");
      if (works === true) return null;
      // A status proves nothing: whoever does not accept our signature answers 401 as well.
      if (works === false) {
        return failure(
          "authentication",
          "the webhook says that the credential does not work",
          "look why in the webhook",
        );
      }
      return failure(
        "malformed",
        "the webhook's answer does not say whether it works",
        'answer {"works": true} or false',
      );
    },
    revoke: (rotation, dead) => revoked(webhook, rotation, dead),
    // Nobody will store it any more: asked once more it tells which one it made for this version, and that one is revoked.
    async forget(rotation, current) {
      const made = await created(webhook, rotation, current);
      return isFailure(made) ? made : await revoked(webhook, rotation, { ...current, ...made });
    },
  };
}

async function created(webhook: Webhook, rotation: Rotation, current: Fields): Promise<Fields | Failure> {
  const answer = await tell(webhook, rotation, "create", current);
  if (isFailure(answer)) return answer;
  const made = at(answer.document, "/value");
  if (typeof made === "object" && made !== null && !Array.isArray(made) && Object.keys(made).length > 0) {
    return { ...made };
  }
  return failure("malformed", "the webhook's answer has no value", 'answer {"value": {…}} with the new fields');
}

async function revoked(webhook: Webhook, rotation: Rotation, dead: Fields): Promise<Failure | null> {
  const answer = await tell(webhook, rotation, "revoke", dead);
  if (isFailure(answer)) return answer;
  if (at(answer.document, "/revoked") === true) return null;
  return failure("malformed", "the webhook's answer does not say that it revoked", 'answer {"revoked": true}');
}

async function tell(
  webhook: Webhook,
  rotation: Rotation,
  step: "create" | "test" | "revoke",
  value: Fields,
): Promise<{ document: unknown } | Failure> {
  const keys = await keysOf(webhook, rotation);
  if (isFailure(keys)) return keys;
  const { secret, token, now } = rotation;
  const message = { version: 1, step, secret: secret.name, kind: secret.kind, token, at: iso(now()), value };
  const body = JSON.stringify(message);
  const timestamp = String(Math.floor(now() / 1_000));
  const headers = {
    "content-type": "application/json",
    [timestampHeader]: timestamp,
    [signatureHeader]: keys.map((key) => `v1=${signatureOf(key, timestamp, body)}`).join(","),
  };
  const timeoutMs = (webhook.timeoutSeconds ?? 10) * 1_000;
  const answer = await send(rotation.outside, { method: "POST", url: webhook.url, headers, body, timeoutMs });
  if (isFailure(answer)) return answer;
  const problem = problemOf(answer, webhook, step);
  return problem ?? { document: jsonIn(answer.body) };
}

export function signatureOf(key: string, timestamp: string, body: string): string {
  return createHmac("sha256", key).update(`${timestamp}.${body}`).digest("hex");
}

/** The whole value of the secret, or the keys of one that the strategy signing-key rotates. */
async function keysOf(webhook: Webhook, { outside, now }: Rotation): Promise<string[] | Failure> {
  const value = await readStage(outside, webhook.signingSecret, "AWSCURRENT");
  if (value === null || isFailure(value)) {
    const remedy = `store it under ${webhook.signingSecret}, where the function may read it`;
    return value ?? failure("malformed", "the secret that signs for the webhook has no value", remedy);
  }
  const keys = signingKeysOf(value);
  return isFailure(keys) ? [value.text] : acceptedKeys(keys, now()).map(({ key }) => key);
}

function problemOf({ status }: Answered, { url }: Webhook, step: string): Failure | null {
  if (status >= 200 && status < 300) return null;
  const what = `${placeOf(url)} answered ${step} with ${status}`;
  if (status === 401 || status === 403) return failure("privilege", what, "let the webhook accept our signature");
  if (status === 429) return failure("throttle", what, "nothing; it is tried again");
  if (status === 408 || status === 425 || status >= 500) return failure("service", what, "nothing; it is tried again");
  return failure("policy", what, "look in the webhook why; redirects are not followed");
}
