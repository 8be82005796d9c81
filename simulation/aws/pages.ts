/**
 * A page of what is there, in the order of its keys, and the token with which the next page is asked for: it begins after the
 * last key of this page, whatever came or went. Undefined for a token that nobody gave out.
 */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { size, token }: { size: number; token: string | undefined },
): { items: Item[]; next: string | undefined } | undefined {
  const after = token === undefined ? null : keyIn(token);
  if (after === undefined) return undefined;
  const sorted = all.filter((item) => after === null || keyOf(item) > after);
  // By code units, whatever the machine's language: the order must be the same everywhere.
  sorted.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const items = sorted.slice(0, size);
  const last = items.at(-1);
  const isLast = last === undefined || items.length === sorted.length;
  return { items, next: isLast ? undefined : Buffer.from(`${prefix}${keyOf(last)}`).toString("base64url") };
}

const prefix = "after:";

function keyIn(token: string): string | undefined {
  const text = Buffer.from(token, "base64url").toString();
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** Whether a page of that size may be asked for. */
export function isPageSize(size: number, maximum: number): boolean {
  return Number.isInteger(size) && size >= 1 && size <= maximum;
}
