import { Broken } from "../failures.ts";
import { compareText } from "../text.ts";

/**
 * JSON of which there is only one form: https://www.rfc-editor.org/rfc/rfc8785. Keys by their UTF-16 code units, no blanks, numbers
 * and texts as ECMAScript writes them. Halves of surrogate pairs, which UTF-8 cannot hold, are replaced. Throws `Broken` for what is
 * no JSON.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object") throw new Broken(`${typeof value} is no JSON`);
  const members = Object.entries(value).map(([key, member]) => [key.toWellFormed(), member] as const);
  const inOrder = members.toSorted(([left], [right]) => compareText(left, right));
  return `{${inOrder.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
