import { suggestion } from "../../text.ts";
import { type Failure, failure } from "../failure.ts";
import { lentCheck } from "../granted.ts";
import type { StrategySettings } from "../settings.ts";
import type { Check, Rotation } from "../strategy.ts";
import { apiTag } from "../tags.ts";
import type { Fields } from "../value.ts";
import { describedIssuer } from "./described.ts";
import { webhookIssuer } from "./webhook.ts";

/** Somebody over HTTP who makes credentials, says whether one works, and makes one fail. */
export interface Issuer {
  /** For plans: where it is. */
  place: string;
  /** The secret whose credential it is given, or whose key signs; null when there is none. */
  lent: string | null;
  /** The fields of the new credential; those that stay as they are are not among them. */
  create(rotation: Rotation, current: Fields): Promise<Fields | Failure>;
  /** Null when it works; `authentication` only where that is proven not to be so. Null itself where the issuer cannot say. */
  test: ((rotation: Rotation, tested: Fields) => Promise<Failure | null>) | null;
  /** Null when it fails from now on, or did before. Null itself where the issuer cannot do it. */
  revoke: ((rotation: Rotation, dead: Fields, current: Fields) => Promise<Failure | null>) | null;
  /** For what was made by a `create` that nobody finished. */
  forget(rotation: Rotation, current: Fields): Promise<Failure | null>;
}

/** For plans: whether the functions may read what the issuer needs. */
export async function lentChecks(outside: Rotation["outside"], { lent }: Pick<Issuer, "lent">): Promise<Check[]> {
  return lent === null ? [] : [await lentCheck(outside, lent)];
}

export type IssuerKind = "api" | "webhook";

/** The issuer that the secret's tag names. Tags are not part of the value: who may write it does not choose where it is sent. */
export function issuerOf(
  { apis, webhooks }: StrategySettings,
  { secret: { tags } }: Pick<Rotation, "secret">,
  kinds: readonly IssuerKind[],
): Issuer | Failure {
  const known = [
    ...(kinds.includes("api") ? Object.keys(apis) : []),
    ...(kinds.includes("webhook") ? Object.keys(webhooks) : []),
  ];
  const name = tags[apiTag];
  const places = kinds.map((kind) => (kind === "api" ? "secrets.apis" : "secrets.webhooks")).join(" or ");
  const remedy = `tag it ${apiTag} with a name of ${places}`;
  if (name === undefined) return failure("malformed", `it has no tag ${apiTag}`, remedy);
  const api = kinds.includes("api") && Object.hasOwn(apis, name) ? apis[name] : undefined;
  if (api !== undefined) return describedIssuer(api);
  const webhook = kinds.includes("webhook") && Object.hasOwn(webhooks, name) ? webhooks[name] : undefined;
  if (webhook !== undefined) return webhookIssuer(webhook);
  return failure("malformed", `its tag ${apiTag} names none of ${places}${suggestion(name, known)}`, remedy);
}
