import type { ACMClient } from "@aws-sdk/client-acm";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { Instant } from "../../shared/instant.ts";
import { describeIfThere } from "../../shared/secrets/described.ts";
import { listSecrets } from "../../shared/secrets/listing.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { secretFrom } from "./entry.ts";
import type { Gaps } from "./gaps.ts";
import type { KeyBook } from "./keys.ts";
import { exemptionOf, kindOf } from "./kind.ts";
import type { Observed, Replica, Secret } from "./observed.ts";
import { lifetimesOf, valuesAtOnce } from "./values.ts";

/** What the audit reads. It asks none of them to change anything. */
export interface Clients {
  secrets: Pick<SecretsManagerClient, "send">;
  acm: Pick<ACMClient, "send">;
  iam: Pick<IAMClient, "send">;
  kms: Pick<KMSClient, "send">;
}

export interface Observer {
  clients: Clients;
  region: string;
  configuration: Configuration;
  now: () => Instant;
  records: ReadonlyMap<string, SecretRecord>;
  keys: KeyBook;
  gaps: Gaps;
}

/** Some secrets, and where the list goes on: null at its end. */
export interface Page {
  observed: Observed[];
  token: string | null;
}

/**
 * The secrets of the account and region, a page at a time: each page is handled before the next is asked for. Those whose value
 * must be read wait until there are enough of them for one call, for some pages at most; `hasTime` false lets all come at once.
 */
export async function* observedPages(
  observer: Observer,
  from: string | null,
  hasTime: () => boolean,
): AsyncGenerator<Page> {
  let token = from;
  let waiting: Secret[] = [];
  let goesOn = true;
  while (goesOn) {
    const page = await listSecrets(observer.clients.secrets, living, token);
    token = page.NextToken ?? null;
    const secrets = (page.SecretList ?? []).flatMap((entry) => {
      const secret = secretFrom(entry);
      if (typeof secret !== "string") return [secret];
      observer.gaps.add(secret);
      return [];
    });
    const { asked, others } = sorted(observer, secrets);
    waiting.push(...asked);
    // Asked once: whoever is not coming back leaves nobody waiting.
    goesOn = token !== null && hasTime();
    const ripe = goesOn ? waiting.length - (waiting.length % valuesAtOnce) : waiting.length;
    const values = await lifetimesOf(observer, waiting.slice(0, ripe));
    waiting = waiting.slice(ripe);
    const observed: Observed[] = [];
    for (const secret of others) observed.push(await observe(observer, secret, null));
    for (const [secret, certificate] of values) observed.push(await observe(observer, secret, certificate));
    yield { observed, token };
  }
}

/** Only what says itself when it ends is asked for its value, and only with the tag: nothing else may be read. */
function sorted({ configuration, region, now }: Observer, secrets: readonly Secret[]) {
  const { asked = [], others = [] } = Object.groupBy(secrets, (secret) => {
    const kind = kindOf(secret, configuration);
    const isAsked = kind.name !== null && kind.tagged && kind.intervalDays === null;
    return isAsked && exemptionOf(secret, region, now(), configuration) === null ? "asked" : "others";
  });
  return { asked, others };
}

/** What is marked for deletion is held to nothing. */
const living = { IncludePlannedDeletion: false };

async function observe(observer: Observer, secret: Secret, certificate: Observed["certificate"]): Promise<Observed> {
  const { configuration, region, now, records, keys } = observer;
  const record = records.get(secret.arn) ?? null;
  const known = { secret, record, certificate, key: null, replicas: null };
  if (exemptionOf(secret, region, now(), configuration) !== null) return known;
  const key = secret.key === null ? null : await keys.stateOf(secret.key);
  return { ...known, key, replicas: secret.primaryRegion === region ? await replicasOf(observer, secret) : null };
}

/** Of the list only this is missing: whether the copies in other regions are those of now. */
async function replicasOf({ clients, gaps }: Observer, { arn, name }: Secret): Promise<Replica[] | null> {
  return gaps.around(`the replicas of ${name}`, async () => {
    const { ReplicationStatus = [] } = await clients.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    return ReplicationStatus.map(({ Region = "", Status = "" }) => ({ region: Region, status: Status }));
  });
}

/** Whether a secret that the list does not show is really gone: the list may lag, and somebody may be about to restore it. */
export async function isGone({ clients, gaps }: Pick<Observer, "clients" | "gaps">, arn: string): Promise<boolean> {
  const found = await gaps.around(`what has become of ${arn}`, async () => {
    const described = await describeIfThere(clients.secrets, arn);
    return { isDeleted: described === null || described.deletedAt !== null };
  });
  return found?.isDeleted ?? false;
}
