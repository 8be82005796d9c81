// The trees that expressions are read into. A tree as written speaks of placeholders (#name, :value); binding it to a
// request replaces them, which is why the trees are generic in their operands.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** Names (or, as written, #placeholders) and list indexes, from the top of the item down. */
export type Path = readonly (string | number)[];

/** `Value` is a :placeholder as written, an attribute value once bound. */
export type Operand<Value> =
  | { type: "path"; path: Path }
  | { type: "value"; value: Value }
  | { type: "size"; of: Operand<Value> };

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type ConditionFunction =
  | "attribute_exists"
  | "attribute_not_exists"
  | "attribute_type"
  | "begins_with"
  | "contains";

export type Condition<Value> =
  | { type: "and" | "or"; left: Condition<Value>; right: Condition<Value> }
  | { type: "not"; of: Condition<Value> }
  | { type: "compare"; operator: Comparator; left: Operand<Value>; right: Operand<Value> }
  | { type: "between"; operand: Operand<Value>; low: Operand<Value>; high: Operand<Value> }
  | { type: "in"; operand: Operand<Value>; options: readonly Operand<Value>[] }
  | { type: "call"; name: ConditionFunction; operands: readonly Operand<Value>[] };

/** What may stand to the right of the = in SET. */
export type Term<Value> =
  | { type: "path"; path: Path }
  | { type: "value"; value: Value }
  | { type: "if_not_exists"; path: Path; otherwise: Term<Value> }
  | { type: "list_append"; left: Term<Value>; right: Term<Value> }
  | { type: "sum"; sign: 1 | -1; left: Term<Value>; right: Term<Value> };

export interface Update<Value> {
  set: readonly { path: Path; term: Term<Value> }[];
  remove: readonly Path[];
  add: readonly { path: Path; value: Value }[];
  delete: readonly { path: Path; value: Value }[];
}

export type WrittenCondition = Condition<string>;
export type BoundCondition = Condition<AttributeValue>;
export type WrittenUpdate = Update<string>;
export type BoundUpdate = Update<AttributeValue>;

export const emptyUpdate: BoundUpdate = { set: [], remove: [], add: [], delete: [] };
