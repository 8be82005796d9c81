// What DynamoDB refuses about an expression before it looks at any item.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { compareValues } from "./dynamodb-evaluate.ts";
import { pathText, refuseOverlaps } from "./dynamodb-paths.ts";
import type { BoundCondition, BoundUpdate, Operand, Term } from "./dynamodb-syntax.ts";
import { type AttributeType, isType, typeOf } from "./dynamodb-values.ts";

/** Makes the ValidationException for a problem. */
type Refuse = (problem: string) => Error;

/** Throws a ValidationException if an operand has a type that its operator never takes, or is compared with itself. */
export function checkCondition(condition: BoundCondition, refuse: Refuse): void {
  switch (condition.type) {
    case "and":
    case "or":
      checkCondition(condition.left, refuse);
      checkCondition(condition.right, refuse);
      return;
    case "not":
      checkCondition(condition.of, refuse);
      return;
    case "compare": {
      const { operator, left, right } = condition;
      const allowed = operator === "=" || operator === "<>" ? null : comparable;
      checkOperands(operator, [left, right], allowed, refuse);
      return;
    }
    case "between":
      checkOperands("BETWEEN", [condition.operand, condition.low, condition.high], comparable, refuse);
      checkBounds(condition.low, condition.high, refuse);
      return;
    case "in":
      checkOperands("IN", [condition.operand, ...condition.options], null, refuse);
      return;
    case "call":
      checkCall(condition.name, condition.operands, refuse);
      return;
    default:
      throw new Error(`no condition: ${condition satisfies never}`);
  }
}

/** Throws a ValidationException if paths overlap, or a given value has a type that its place never takes. */
export function checkUpdate(update: BoundUpdate, refuse: Refuse): void {
  const { set, remove, add, delete: taken } = update;
  refuseOverlaps([...set.map(({ path }) => path), ...remove, ...[...add, ...taken].map(({ path }) => path)], refuse);
  for (const { term } of set) {
    checkTerm(term, refuse);
  }
  for (const { value } of add) {
    checkGiven("ADD", value, addable, refuse);
  }
  for (const { value } of taken) {
    checkGiven("DELETE", value, sets, refuse);
  }
}

type Types = ReadonlySet<AttributeType>;

const comparable: Types = new Set(["S", "N", "B"]);
const prefixes: Types = new Set(["S", "B"]);
const texts: Types = new Set(["S"]);
const numbers: Types = new Set(["N"]);
const lists: Types = new Set(["L"]);
const sets: Types = new Set(["SS", "NS", "BS"]);
const addable: Types = new Set(["N", "SS", "NS", "BS"]);
const sizeless: Types = new Set(["N", "BOOL", "NULL"]);

function checkCall(name: string, operands: readonly Operand<AttributeValue>[], refuse: Refuse): void {
  const [first, second] = operands;
  if (second === undefined) {
    if (first?.type !== "path") {
      throw refuse(`Operator or function requires a document path; operator or function: ${name}`);
    }
    return;
  }
  if (name === "attribute_type") {
    if (second.type !== "value") {
      throw wrongType(name, "{NS,SS,N,L,BS,BOOL,S,M,B,NULL}", refuse);
    }
    checkType(name, second, texts, refuse);
    const named = second.value.S ?? "";
    if (!isType(named)) {
      const valid = "valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
      throw refuse(`Invalid attribute type name found; type: ${named}, ${valid}`);
    }
    return;
  }
  checkOperands(name, operands, name === "begins_with" ? prefixes : null, refuse);
}

function checkOperands(
  operator: string,
  operands: readonly Operand<AttributeValue>[],
  allowed: Types | null,
  refuse: Refuse,
): void {
  const [first, ...others] = operands;
  if (first?.type === "path") {
    const text = pathText(first.path);
    if (others.some((other) => other.type === "path" && pathText(other.path) === text)) {
      throw refuse(
        "The first operand must be distinct from the remaining operands for this operator or function; " +
          `operator: ${operator}, first operand: ${text}`,
      );
    }
  }
  for (const operand of operands) {
    checkType(operator, operand, allowed, refuse);
  }
}

function checkType(operator: string, operand: Operand<AttributeValue>, allowed: Types | null, refuse: Refuse): void {
  if (operand.type === "size") {
    if (operand.of.type === "value" && sizeless.has(typeOf(operand.of.value))) {
      throw wrongType("size", typeOf(operand.of.value), refuse);
    }
    return;
  }
  if (allowed !== null && operand.type === "value" && !allowed.has(typeOf(operand.value))) {
    throw wrongType(operator, typeOf(operand.value), refuse);
  }
}

function checkBounds(low: Operand<AttributeValue>, high: Operand<AttributeValue>, refuse: Refuse): void {
  if (low.type !== "value" || high.type !== "value") {
    return;
  }
  const order = compareValues(low.value, high.value);
  const bounds = `lower bound operand: ${valueText(low.value)}, upper bound operand: ${valueText(high.value)}`;
  if (order === undefined) {
    throw refuse(`The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if (order > 0) {
    throw refuse(`The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`);
  }
}

function checkTerm(term: Term<AttributeValue>, refuse: Refuse): void {
  switch (term.type) {
    case "path":
    case "value":
      return;
    case "if_not_exists":
      checkTerm(term.otherwise, refuse);
      return;
    case "list_append":
    case "sum": {
      const operator = term.type === "sum" ? (term.sign === 1 ? "+" : "-") : "list_append";
      for (const side of [term.left, term.right]) {
        checkTerm(side, refuse);
        if (side.type === "value") {
          checkType(operator, side, term.type === "sum" ? numbers : lists, refuse);
        }
      }
      return;
    }
    default:
      throw new Error(`no term: ${term satisfies never}`);
  }
}

function checkGiven(section: "ADD" | "DELETE", value: AttributeValue, allowed: Types, refuse: Refuse): void {
  const type = typeOf(value);
  if (!allowed.has(type)) {
    throw refuse(
      "Incorrect operand type for operator or function; " +
        `operator: ${section}, operand type: ${longNames[type]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
    );
  }
}

const longNames: Record<AttributeType, string> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  M: "MAP",
  L: "LIST",
  NULL: "NULL",
  BOOL: "BOOLEAN",
};

function wrongType(operator: string, type: string, refuse: Refuse): Error {
  return refuse(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

function valueText(value: AttributeValue): string {
  const type = typeOf(value);
  return `AttributeValue: {${type}:${value.S ?? value.N ?? ""}}`;
}
