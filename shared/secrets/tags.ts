/** The tags by which a secret says what is to be done with it. */
export const kindTag = "nightshift:kind";
export const strategyTag = "nightshift:strategy";
/** On a secret that only lends its credential: the administrator's, by whom others' passwords are changed. Read, never rotated by it. */
export const administratorTag = "nightshift:administrator";

export type Tags = Readonly<Record<string, string>>;

export function tagsFrom(list: readonly { Key?: string; Value?: string }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));
}
