import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validation } from "./dynamodb-errors.ts";
import { keyOrder, positions } from "./dynamodb-order.ts";
import type { KeyAttribute, KeySchema } from "./dynamodb-schema.ts";
import type { BoundCondition, Comparator, Operand } from "./dynamodb-syntax.ts";

/** Which part of which partition a query reads: positions from `from` up to, and without, `to`. */
export interface KeyRange {
  partition: string;
  from: string | null;
  to: string | null;
}

/**
 * Understands a key condition: the partition key equal to a value, and at most one condition on the sort key. Throws a
 * ValidationException for anything else.
 */
export function readKeyRange(condition: BoundCondition, schema: KeySchema): KeyRange {
  const terms = flatten(condition).map(readTerm);
  const names = terms.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw validation("KeyConditionExpressions must only contain one condition per key");
  }
  const partition = terms.find(({ name }) => name === schema.partition.name);
  const sort = terms.find(({ name }) => name === schema.sort?.name);
  if (partition === undefined || terms.length > (sort === undefined ? 1 : 2)) {
    const missing = partition === undefined ? schema.partition.name : schema.sort?.name;
    throw validation(`Query condition missed key schema element: ${missing ?? ""}`);
  }
  if (partition.operator !== "=") {
    throw validation("Query key condition not supported");
  }
  const [value] = keyValues(partition, schema.partition);
  const [low, high] = sort === undefined || schema.sort === null ? [] : keyValues(sort, schema.sort);
  const range = sort === undefined || low === undefined ? { from: null, to: null } : rangeOf(sort.operator, low, high);
  return { partition: value ?? "", ...range };
}

/** The top-level names that a condition speaks of. */
export function namesIn(condition: BoundCondition): string[] {
  switch (condition.type) {
    case "and":
    case "or":
      return [...namesIn(condition.left), ...namesIn(condition.right)];
    case "not":
      return namesIn(condition.of);
    case "compare":
      return [condition.left, condition.right].flatMap(nameOf);
    case "between":
      return [condition.operand, condition.low, condition.high].flatMap(nameOf);
    case "in":
      return [condition.operand, ...condition.options].flatMap(nameOf);
    case "call":
      return condition.operands.flatMap(nameOf);
    default:
      throw new Error(`no condition: ${condition satisfies never}`);
  }
}

type KeyOperator = Exclude<Comparator, "<>"> | "BETWEEN" | "begins_with";

interface KeyTerm {
  name: string;
  operator: KeyOperator;
  values: AttributeValue[];
}

const reversed: Record<Exclude<Comparator, "<>">, KeyOperator> = {
  "=": "=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function flatten(condition: BoundCondition): BoundCondition[] {
  return condition.type === "and" ? [...flatten(condition.left), ...flatten(condition.right)] : [condition];
}

function readTerm(condition: BoundCondition): KeyTerm {
  switch (condition.type) {
    case "compare": {
      const { left, operator, right } = condition;
      if (operator === "<>") {
        throw unsupported(operator);
      }
      return left.type === "value" ? term(right, reversed[operator], [left]) : term(left, operator, [right]);
    }
    case "between":
      return term(condition.operand, "BETWEEN", [condition.low, condition.high]);
    case "call":
      if (condition.name === "begins_with") {
        const [operand, ...prefix] = condition.operands;
        return term(operand, "begins_with", prefix);
      }
      throw unsupported(condition.name);
    case "and":
    case "or":
    case "not":
    case "in":
      throw unsupported(condition.type.toUpperCase());
    default:
      throw new Error(`no condition: ${condition satisfies never}`);
  }
}

function term(
  path: Operand<AttributeValue> | undefined,
  operator: KeyOperator,
  operands: readonly Operand<AttributeValue>[],
): KeyTerm {
  if (path?.type === "size" || operands.some(({ type }) => type === "size")) {
    throw validation("KeyConditionExpressions cannot contain nested operations");
  }
  const values = operands.flatMap((operand) => (operand.type === "value" ? [operand.value] : []));
  if (path?.type !== "path" || values.length < operands.length) {
    throw validation("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  }
  if (path.path.length > 1) {
    throw validation("KeyConditionExpressions cannot have conditions on nested attributes");
  }
  return { name: String(path.path[0]), operator, values };
}

function keyValues({ values }: KeyTerm, attribute: KeyAttribute): string[] {
  return values.map((value) => {
    if (value[attribute.type] === undefined) {
      throw validation(
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
      );
    }
    if (value.S === "" || value.B?.byteLength === 0) {
      throw validation(
        "One or more parameter values are not valid. " +
          `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${attribute.name}`,
      );
    }
    return keyOrder(value);
  });
}

function rangeOf(operator: KeyOperator, low: string, high: string | undefined): Omit<KeyRange, "partition"> {
  const { firstOf, afterAllOf, firstBeginningWith, afterAllBeginningWith } = positions;
  switch (operator) {
    case "=":
      return { from: firstOf(low), to: afterAllOf(low) };
    case "<":
      return { from: null, to: firstOf(low) };
    case "<=":
      return { from: null, to: afterAllOf(low) };
    case ">":
      return { from: afterAllOf(low), to: null };
    case ">=":
      return { from: firstOf(low), to: null };
    case "BETWEEN":
      return { from: firstOf(low), to: afterAllOf(high ?? low) };
    case "begins_with":
      return { from: firstBeginningWith(low), to: afterAllBeginningWith(low) };
    default:
      throw new Error(`no operator: ${operator satisfies never}`);
  }
}

function nameOf(operand: Operand<AttributeValue>): string[] {
  if (operand.type === "size") {
    return nameOf(operand.of);
  }
  return operand.type === "path" ? [String(operand.path[0])] : [];
}

function unsupported(operator: string): Error {
  return validation(`Invalid operator used in KeyConditionExpression: ${operator}`);
}
