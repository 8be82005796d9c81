import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { isValidation, validation } from "./dynamodb-errors.ts";
import { admit } from "./dynamodb-values.ts";

export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** Throws a ValidationException for keys that are no #placeholders. */
export function admitNames(names: Record<string, string> | undefined): Record<string, string> {
  for (const key in names) {
    if (!/^#\w+$/.test(key)) {
      throw validation(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    }
  }
  if (names !== undefined && Object.keys(names).length === 0) {
    throw validation("ExpressionAttributeNames must not be empty");
  }
  return names ?? {};
}

/** Throws a ValidationException for keys that are no :placeholders and for values that are none. */
export function admitValues(values: Record<string, AttributeValue> | undefined): Record<string, AttributeValue> {
  const admitted: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(values ?? {})) {
    if (!/^:\w+$/.test(key)) {
      throw validation(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    }
    try {
      admitted[key] = admit(value);
    } catch (error) {
      throw isValidation(error)
        ? validation(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`)
        : error;
    }
  }
  if (values !== undefined && Object.keys(admitted).length === 0) {
    throw validation("ExpressionAttributeValues must not be empty");
  }
  return admitted;
}

/** Throws a ValidationException if a placeholder was given and no expression used it. */
export function refuseUnused(parameter: string, given: string[], used: ReadonlySet<string>, expressions: number): void {
  if (given.length > used.size) {
    const unused = given.filter((key) => !used.has(key)).join(", ");
    throw validation(
      expressions === 0
        ? `${parameter} can only be specified when using expressions`
        : `Value provided in ${parameter} unused in expressions: keys: {${unused}}`,
    );
  }
}
