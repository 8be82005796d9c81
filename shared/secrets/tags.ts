/** The tags by which a secret says what is to be done with it. */
export const kindTag = "nightshift:kind";
export const strategyTag = "nightshift:strategy";
/** On a secret that only lends its credential: the administrator's, by whom others' passwords are changed. Read, never rotated by it. */
export const administratorTag = "nightshift:administrator";
/** On an IAM user, an ElastiCache user or a certificate of ACM: by it its owner lets Nightshift change its credentials. */
export const rotatedTag = "nightshift:rotated";

/** Which field of the secret's JSON is replaced by a new random value, and how many characters it has. */
export const fieldTag = "nightshift:field";
export const lengthTag = "nightshift:length";
/** The description of an API, or the webhook, that makes the secret's credential: a name of secrets.apis or secrets.webhooks. */
export const apiTag = "nightshift:api";
/** The user whose passwords may be changed, by a service that knows no current password: who writes a value must not choose it. */
export const userTag = "nightshift:user";

export type Tags = Readonly<Record<string, string>>;

export function tagsFrom(list: readonly { Key?: string; Value?: string }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));
}
