import type { Instant } from "../instant.ts";
import { type Failure, failure } from "./failure.ts";

/** One version of a secret. Nothing of it but `version` is ever written anywhere. */
export interface Value {
  version: string;
  /** As Secrets Manager holds it. */
  text: string;
  createdAt: Instant;
}

/** The fields of a secret that is a JSON object, as AWS's own rotation templates and the managed databases write it. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a secret's JSON holds. A failure says what is wrong with it, and nothing of what is in it. */
export function fieldsOf({ text }: Pick<Value, "text">): Fields | Failure {
  const document = parsed(text);
  if (typeof document === "object" && document !== null && !Array.isArray(document)) return { ...document };
  return failure(
    "malformed",
    "its value is no JSON object",
    'store an object, for example {"username": …, "password": …}',
  );
}

/** A field that must be there as text (a number counts as its digits). */
export function textField(fields: Fields, name: string): string | Failure {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "string" && value !== "") return value;
  const problem =
    value === undefined ? `its value has no field ${name}` : `its field ${name} is no text, or an empty one`;
  return failure("malformed", problem, `add the field ${name} to the secret's JSON`);
}

/** A field that may be there; null when it is not, or empty. */
export function optionalField(fields: Fields, name: string): string | null {
  const value = textField(fields, name);
  return typeof value === "string" ? value : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error repeats what it could not read.
    return undefined;
  }
}
