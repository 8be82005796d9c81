import type { Instant } from "../../shared/instant.ts";

/**
 * A shape of the SDK as it comes over the wire: where the SDK has an enumeration there may be any text, for a service has words
 * that an older SDK has not.
 */
export type Wire<Shape> = Shape extends string
  ? string
  : Shape extends Date | number | boolean | Uint8Array | undefined
    ? Shape
    : Shape extends readonly (infer Item)[]
      ? Wire<Item>[]
      : { [Name in keyof Shape]: Wire<Shape[Name]> };

/** What is there, under its name, and nothing where there is nothing: AWS leaves such members out. */
export function dated<Name extends string>(name: Name, at: number | null): { [name in Name]?: Date } {
  // The language does not know that a computed name is the one it was computed from.
  return at === null ? {} : ({ [name]: new Date(at) } as { [name in Name]: Date });
}

/** The same for what is no date. */
export function stated<Name extends string, Value>(name: Name, value: Value | null): { [name in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { [name in Name]: Value });
}

/** An instant that stands, one that moves with the clock, or none. */
export type Moment = Instant | null | ((now: Instant) => Instant | null);

export function momentOf(moment: Moment, now: Instant): Instant | null {
  return typeof moment === "function" ? moment(now) : moment;
}

export type Tags = Readonly<Record<string, string>>;

/** As most services have tags. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export const ok = { $metadata: { httpStatusCode: 200 } };
export const refused = { $metadata: { httpStatusCode: 400 } };
