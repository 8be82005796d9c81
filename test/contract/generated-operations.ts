import type { AttributeValue, ReturnValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { type Item, key, number, text } from "./connection.ts";

export interface WriteOperation {
  type: "put" | "update" | "delete";
  key: Item;
  item: Item;
  update: string;
  condition: string | undefined;
  returned: ReturnValue;
}

export type Operation =
  | WriteOperation
  | { type: "get"; key: Item; projection: string | undefined }
  | { type: "transaction"; actions: WriteOperation[] }
  | {
      type: "query";
      partition: string;
      sort: string | undefined;
      filter: string | undefined;
      limit: number | undefined;
      forward: boolean;
    };

/** Programs of up to `length` operations on a handful of keys, so that they meet each other. */
export function operations(length: number): fc.Arbitrary<Operation[]> {
  return fc.array(operation, { minLength: 5, maxLength: length });
}

const partition = fc.constantFrom("a", "b");
const sort = fc.constantFrom("a", "b", "ab", "ä", "\uffee", "\u{1f600}");
const keys = fc.tuple(partition, sort).map(([pk, sk]) => key(pk, sk));
const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const paths = fc.constantFrom(
  "n",
  "s",
  "l",
  "m",
  "x",
  "ss",
  "l[0]",
  "l[1]",
  "l[5]",
  "m.n",
  "m.s",
  "m.x",
  "x.y",
  "n[0]",
);
const placeholders = fc.constantFrom(
  ...[":zero", ":one", ":big", ":a", ":b", ":e", ":list", ":map", ":set", ":numbers", ":true", ":binary"],
);
const numericPlaceholders = fc.constantFrom(":zero", ":one", ":big");

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(number),
  // As DynamoDB writes them: DynamoDB Local leaves numbers inside lists and maps as they came, against the Developer
  // Guide ("Leading and trailing zeroes are trimmed").
  fc.constantFrom("100000000000000000000", "-0.5", "0.1", "12345678901234567890", "0.0000001").map(number),
  fc.constantFrom("", "a", "ab", "ä", "\uffee", "\u{1f600}").map(text),
  fc.constantFrom<AttributeValue>({ BOOL: true }, { BOOL: false }, { NULL: true }),
  fc.constant<AttributeValue>({ B: new Uint8Array([1, 200]) }),
);
const plainItem: fc.Arbitrary<Item> = fc.record(
  {
    n: fc.oneof(fc.integer({ min: -3, max: 3 }).map(number), scalar),
    s: fc.oneof(fc.constantFrom("a", "ab").map(text), scalar),
    x: scalar,
    l: fc.array(scalar, { maxLength: 3 }).map((L): AttributeValue => ({ L })),
    m: fc.dictionary(fc.constantFrom("n", "s"), scalar, { noNullPrototype: true }).map((M): AttributeValue => ({ M })),
    ss: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }).map((SS): AttributeValue => ({ SS })),
    queue: fc.constantFrom("due", "done").map(text),
    order: fc.constantFrom("1", "2", "ä").map(text),
    height: fc.integer({ min: -3, max: 3 }).map(number),
  },
  { requiredKeys: [] },
);

const operand = fc.oneof(
  paths,
  placeholders,
  paths.map((path) => `size(${path})`),
);
const comparison = fc
  .tuple(operand, fc.constantFrom("=", "<>", "<", "<=", ">", ">="), operand)
  .map((parts) => parts.join(" "));
const call = fc.oneof(
  paths.map((path) => `attribute_exists(${path})`),
  paths.map((path) => `attribute_not_exists(${path})`),
  fc.tuple(paths, placeholders).map(([path, value]) => `begins_with(${path}, ${value})`),
  fc.tuple(paths, operand).map(([path, value]) => `contains(${path}, ${value})`),
);
const between = fc.tuple(operand, operand, operand).map(([a, b, c]) => `${a} BETWEEN ${b} AND ${c}`);
const within = fc.tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 })).map(([a, b]) => `${a} IN (${b})`);
const condition: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.oneof(call, call, comparison, between, within),
    fc.tuple(tie("any"), fc.constantFrom("AND", "OR"), tie("any")).map((parts) => parts.join(" ")),
    tie("any").map((inner) => `NOT (${inner})`),
  ),
})).any;

const term = fc.oneof(
  placeholders,
  paths,
  fc.tuple(paths, fc.constantFrom("+", "-"), numericPlaceholders).map((parts) => parts.join(" ")),
  fc.tuple(paths, placeholders).map(([path, value]) => `if_not_exists(${path}, ${value})`),
  paths.map((path) => `list_append(${path}, :list)`),
  paths.map((path) => `if_not_exists(${path}, :zero) + :one`),
);
const list = (element: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(element, { minLength: 1, maxLength: 2 }).map((elements) => elements.join(", "));
const section = fc.oneof(
  list(fc.tuple(paths, term).map(([path, value]) => `${path} = ${value}`)).map((text) => `SET ${text}`),
  list(paths).map((text) => `REMOVE ${text}`),
  list(fc.tuple(paths, placeholders).map((pair) => pair.join(" "))).map((text) => `ADD ${text}`),
  list(fc.tuple(paths, placeholders).map((pair) => pair.join(" "))).map((text) => `DELETE ${text}`),
  fc.constantFrom("SET queue = :a", "REMOVE queue", "SET queue = :b, height = :one", "REMOVE height"),
);
const update = fc
  .uniqueArray(section, { minLength: 1, maxLength: 2, selector: (text) => text.split(" ", 1)[0] })
  .map((sections) => sections.join(" "));

const write: fc.Arbitrary<WriteOperation> = fc.record({
  type: fc.constantFrom("put", "update", "update", "delete"),
  key: keys,
  item: plainItem,
  update,
  condition: fc.option(condition, { nil: undefined, freq: 2 }),
  returned: fc.constantFrom("ALL_NEW", "ALL_OLD", "UPDATED_NEW", "UPDATED_OLD"),
});
const sortCondition = fc.oneof(
  fc.tuple(fc.constantFrom("=", "<", "<=", ">", ">="), fc.constantFrom(":a", ":b")).map(([op, v]) => `sk ${op} ${v}`),
  fc.constantFrom("sk BETWEEN :a AND :b", "begins_with(sk, :a)"),
);

/**
 * No limit together with an inclusive bound: where a page ends exactly at the bound, DynamoDB Local leaves out the
 * LastEvaluatedKey that the API reference promises whenever the limit ends a page ("Query", Limit).
 */
const query: fc.Arbitrary<Operation> = fc
  .record({
    type: fc.constant("query" as const),
    partition,
    sort: optional(sortCondition),
    filter: optional(condition),
    limit: optional(fc.integer({ min: 1, max: 4 })),
    forward: fc.boolean(),
  })
  .map((each) => (/<=|>=|BETWEEN/.test(each.sort ?? "") ? { ...each, limit: undefined } : each));

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: write },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("get" as const), key: keys, projection: optional(list(paths)) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("transaction" as const),
      // On different items: DynamoDB Local looks at the conditions before it refuses two actions on one item.
      actions: fc.uniqueArray(write, { minLength: 1, maxLength: 4, selector: (action) => JSON.stringify(action.key) }),
    }),
  },
  { weight: 2, arbitrary: query },
);
