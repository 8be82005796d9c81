import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validation } from "./dynamodb-errors.ts";
import { canonicalNumber, compareNumbers, numberBytes } from "./dynamodb-numbers.ts";
import { compareText, orderedBinary } from "./dynamodb-order.ts";

export type Item = Record<string, AttributeValue>;
export type AttributeType = "S" | "N" | "B" | "SS" | "NS" | "BS" | "M" | "L" | "NULL" | "BOOL";

/** Nested lists and maps, the outermost value included. */
const maximumDepth = 32;

/**
 * A checked copy of what a caller handed in: exactly one type, numbers canonical, sets without duplicates and sorted.
 * Throws a ValidationException.
 */
export function admit(value: AttributeValue, depth = 1): AttributeValue {
  const type = typeOf(value);
  if (depth > maximumDepth) {
    throw validation(
      "Nesting Levels have exceeded supported limits: " +
        "Attributes in the item have nested levels beyond supported limit",
    );
  }
  switch (type) {
    case "S":
      return { S: value.S ?? "" };
    case "N":
      return { N: canonicalNumber(value.N ?? "") };
    case "B":
      return { B: new Uint8Array(value.B ?? []) };
    case "BOOL":
      return { BOOL: value.BOOL ?? false };
    case "NULL":
      if (value.NULL !== true) {
        throw validation(
          "One or more parameter values were invalid: Null attribute value types must have the value of true",
        );
      }
      return { NULL: true };
    case "M":
      return { M: admitItem(value.M ?? {}, depth + 1) };
    case "L":
      return { L: (value.L ?? []).map((element) => admit(element, depth + 1)) };
    case "SS":
      return { SS: distinct(value.SS ?? [], "An string set  may not be empty", compareText) };
    case "NS":
      return { NS: distinct((value.NS ?? []).map(canonicalNumber), "An number set  may not be empty", compareNumbers) };
    case "BS":
      return { BS: distinctBinaries(value.BS ?? []) };
    default:
      throw new Error(`no attribute type: ${type satisfies never}`);
  }
}

/** As `admit`, for a whole item or map. Attributes that are undefined are left out, as the SDK leaves them out. */
export function admitItem(item: Item, depth = 1): Item {
  const admitted: Item = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) {
      if (name === "") {
        throw validation("Empty attribute name");
      }
      admitted[name] = admit(value, depth);
    }
  }
  return admitted;
}

/** A copy that a caller may change without changing ours. */
export function copyItem(item: Item): Item {
  const copy: Item = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) {
      copy[name] = copyValue(value);
    }
  }
  return copy;
}

export function copyValue(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) {
    return { S: value.S };
  }
  if (value.N !== undefined) {
    return { N: value.N };
  }
  if (value.M !== undefined) {
    return { M: copyItem(value.M) };
  }
  if (value.L !== undefined) {
    return { L: value.L.map(copyValue) };
  }
  if (value.B !== undefined) {
    return { B: value.B.slice() };
  }
  if (value.SS !== undefined) {
    return { SS: value.SS.slice() };
  }
  if (value.NS !== undefined) {
    return { NS: value.NS.slice() };
  }
  if (value.BS !== undefined) {
    return { BS: value.BS.map((binary) => binary.slice()) };
  }
  return value.BOOL === undefined ? { NULL: true } : { BOOL: value.BOOL };
}

/** The one type that this value has. Throws a ValidationException if it has none, or several. */
export function typeOf(value: AttributeValue): AttributeType {
  let found: AttributeType | undefined;
  for (const name in value) {
    if (isType(name) && value[name] !== undefined) {
      if (found !== undefined) {
        throw validation(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
        );
      }
      found = name;
    }
  }
  if (found === undefined) {
    throw validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  return found;
}

export function isType(name: string): name is AttributeType {
  return attributeTypes.has(name);
}

const attributeTypes: ReadonlySet<string> = new Set(["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"]);

/** Bytes that DynamoDB counts for an item, names included. Source: Developer Guide, "DynamoDB item sizes and formats". */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) {
      bytes += Buffer.byteLength(name) + valueBytes(value);
    }
  }
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) {
    return Buffer.byteLength(value.S);
  }
  if (value.N !== undefined) {
    return numberBytes(value.N);
  }
  if (value.M !== undefined) {
    return 3 + Object.keys(value.M).length + itemBytes(value.M);
  }
  if (value.L !== undefined) {
    return 3 + value.L.length + sum(value.L.map(valueBytes));
  }
  if (value.B !== undefined) {
    return value.B.byteLength;
  }
  if (value.SS !== undefined) {
    return sum(value.SS.map((text) => Buffer.byteLength(text)));
  }
  if (value.NS !== undefined) {
    return sum(value.NS.map(numberBytes));
  }
  return value.BS === undefined ? 1 : sum(value.BS.map((binary) => binary.byteLength));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Sorted, because a set has no order and equal sets must look equal. */
function distinct(members: readonly string[], empty: string, compare: (a: string, b: string) => number): string[] {
  if (members.length === 0) {
    throw validation(`One or more parameter values were invalid: ${empty}`);
  }
  if (new Set(members).size < members.length) {
    throw validation(
      `One or more parameter values were invalid: Input collection [${members.join(", ")}] contains duplicates.`,
    );
  }
  return members.toSorted(compare);
}

function distinctBinaries(members: readonly Uint8Array[]): Uint8Array[] {
  const texts = distinct(members.map(orderedBinary), "Binary sets should not be empty", compareText);
  return texts.map((text) => Uint8Array.from(Buffer.from(text, "latin1")));
}
