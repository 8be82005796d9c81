import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { compareNumbers } from "./dynamodb-numbers.ts";
import { compareText, orderedBinary } from "./dynamodb-order.ts";
import { readAt } from "./dynamodb-paths.ts";
import type { BoundCondition, Comparator, ConditionFunction, Operand } from "./dynamodb-syntax.ts";
import { type Item, typeOf } from "./dynamodb-values.ts";

/** True if the item, or {} where there is none, meets the condition. */
export function meets(condition: BoundCondition, item: Item): boolean {
  switch (condition.type) {
    case "and":
      return meets(condition.left, item) && meets(condition.right, item);
    case "or":
      return meets(condition.left, item) || meets(condition.right, item);
    case "not":
      return !meets(condition.of, item);
    case "compare":
      return compares(condition.operator, operandValue(condition.left, item), operandValue(condition.right, item));
    case "between": {
      const value = operandValue(condition.operand, item);
      const low = operandValue(condition.low, item);
      return compares(">=", value, low) && compares("<=", value, operandValue(condition.high, item));
    }
    case "in": {
      const value = operandValue(condition.operand, item);
      return condition.options.some((option) => compares("=", value, operandValue(option, item)));
    }
    case "call": {
      const [first, second] = condition.operands.map((operand) => operandValue(operand, item));
      return holds(condition.name, first, second);
    }
    default:
      throw new Error(`no condition: ${condition satisfies never}`);
  }
}

/** Deep equality of admitted values: sets are sorted, numbers canonical. */
export function equal(left: AttributeValue, right: AttributeValue): boolean {
  if (left === right) {
    return true;
  }
  if (left.S !== undefined || left.N !== undefined) {
    return left.S === right.S && left.N === right.N;
  }
  if (left.M !== undefined) {
    return right.M !== undefined && equalItems(left.M, right.M);
  }
  if (left.L !== undefined) {
    return right.L !== undefined && sameMembers(left.L, right.L, equal);
  }
  if (left.B !== undefined) {
    return right.B !== undefined && sameBytes(left.B, right.B);
  }
  if (left.BS !== undefined) {
    return right.BS !== undefined && sameMembers(left.BS, right.BS, sameBytes);
  }
  const set = left.SS ?? left.NS;
  if (set !== undefined) {
    const other = left.SS === undefined ? right.NS : right.SS;
    return other !== undefined && sameMembers(set, other, Object.is);
  }
  return left.BOOL === right.BOOL && left.NULL === right.NULL;
}

export function equalItems(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) {
    return false;
  }
  return names.every((name) => {
    const one = left[name];
    const other = right[name];
    return one !== undefined && other !== undefined && equal(one, other);
  });
}

/** Negative, zero or positive for two strings, numbers or binaries of one type; undefined for anything else. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) {
    return compareNumbers(left.N, right.N);
  }
  if (left.S !== undefined && right.S !== undefined) {
    return compareText(left.S, right.S);
  }
  if (left.B !== undefined && right.B !== undefined) {
    return compareText(orderedBinary(left.B), orderedBinary(right.B));
  }
  return undefined;
}

function operandValue(operand: Operand<AttributeValue>, item: Item): AttributeValue | undefined {
  switch (operand.type) {
    case "path":
      return readAt(item, operand.path);
    case "value":
      return operand.value;
    case "size": {
      const size = sizeOf(operandValue(operand.of, item));
      return size === undefined ? undefined : { N: String(size) };
    }
    default:
      throw new Error(`no operand: ${operand satisfies never}`);
  }
}

/** What is missing is unequal to everything, and otherwise compares as false. */
function compares(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) {
    return operator === "<>";
  }
  if (operator === "=" || operator === "<>") {
    return equal(left, right) === (operator === "=");
  }
  const order = compareValues(left, right);
  if (order === undefined) {
    return false;
  }
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    default:
      throw new Error(`no comparator: ${operator satisfies never}`);
  }
}

function holds(
  name: ConditionFunction,
  first: AttributeValue | undefined,
  second: AttributeValue | undefined,
): boolean {
  if (name === "attribute_not_exists" || name === "attribute_exists") {
    return (first === undefined) === (name === "attribute_not_exists");
  }
  if (first === undefined || second === undefined) {
    return false;
  }
  switch (name) {
    case "attribute_type":
      return typeOf(first) === second.S;
    case "begins_with":
      return beginsWith(first, second);
    case "contains":
      return contains(first, second);
    default:
      throw new Error(`no function: ${name satisfies never}`);
  }
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) {
    return value.S.startsWith(prefix.S);
  }
  if (value.B !== undefined && prefix.B !== undefined) {
    return orderedBinary(value.B).startsWith(orderedBinary(prefix.B));
  }
  return false;
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if (value.S !== undefined && part.S !== undefined) {
    return value.S.includes(part.S);
  }
  if (value.B !== undefined && part.B !== undefined) {
    return orderedBinary(value.B).includes(orderedBinary(part.B));
  }
  if (value.L !== undefined) {
    return value.L.some((element) => equal(element, part));
  }
  const set = part.S === undefined ? value.NS : value.SS;
  const { B: binary } = part;
  if (binary !== undefined) {
    return value.BS?.some((member) => sameBytes(member, binary)) ?? false;
  }
  return set?.includes(part.S ?? part.N ?? "") ?? false;
}

/** Characters of a string, bytes of a binary, members of anything that has members. */
function sizeOf(value: AttributeValue | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const members = value.L ?? value.SS ?? value.NS ?? value.BS;
  if (members !== undefined) {
    return members.length;
  }
  return value.S?.length ?? value.B?.byteLength ?? (value.M === undefined ? undefined : Object.keys(value.M).length);
}

function sameMembers<Member>(
  left: readonly Member[],
  right: readonly Member[],
  same: (one: Member, other: Member) => boolean,
): boolean {
  return (
    left.length === right.length &&
    left.every((member, place) => {
      const other = right[place];
      return other !== undefined && same(member, other);
    })
  );
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
