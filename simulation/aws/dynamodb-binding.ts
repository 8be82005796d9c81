// Brings an expression together with the names and values of one request. The expression is read once for each text;
// what depends on the request (operand types, overlapping paths, unused placeholders) is checked here, each time.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { checkCondition, checkUpdate } from "./dynamodb-checks.ts";
import { parseCondition } from "./dynamodb-conditions.ts";
import { validation } from "./dynamodb-errors.ts";
import { refuseOverlaps } from "./dynamodb-paths.ts";
import { admitNames, admitValues, type Placeholders, refuseUnused } from "./dynamodb-placeholders.ts";
import type {
  BoundCondition,
  BoundUpdate,
  Condition,
  Operand,
  Path,
  Term,
  WrittenCondition,
  WrittenUpdate,
} from "./dynamodb-syntax.ts";
import type { ExpressionKind } from "./dynamodb-tokens.ts";
import { parseProjection, parseUpdate } from "./dynamodb-updates.ts";

/** Everything in it is bound to one request. Call `finish` after the last expression: it refuses what none used. */
export interface Binder {
  condition(expression: string | undefined, kind: ExpressionKind): BoundCondition | null;
  update(expression: string | undefined): BoundUpdate | null;
  projection(expression: string | undefined): readonly Path[] | null;
  finish(): void;
}

/** Throws ValidationExceptions. */
export function createBinder(placeholders: Placeholders): Binder {
  const names = admitNames(placeholders.ExpressionAttributeNames);
  const values = admitValues(placeholders.ExpressionAttributeValues);
  const used: Used = { names: new Set(), values: new Set() };
  let expressions = 0;
  function bindings(kind: ExpressionKind): Bindings {
    expressions += 1;
    return createBindings(names, values, used, kind);
  }

  return {
    condition(expression, kind) {
      if (expression === undefined) {
        return null;
      }
      const bind = bindings(kind);
      const bound = bindCondition(readCondition(expression, kind), bind);
      checkCondition(bound, bind.refuse);
      return bound;
    },
    update(expression) {
      if (expression === undefined) {
        return null;
      }
      const bind = bindings("UpdateExpression");
      const bound = bindUpdate(readUpdate(expression), bind);
      checkUpdate(bound, bind.refuse);
      return bound;
    },
    projection(expression) {
      if (expression === undefined) {
        return null;
      }
      const bind = bindings("ProjectionExpression");
      const paths = readProjection(expression).map(bind.path);
      refuseOverlaps(paths, bind.refuse);
      return paths;
    },
    finish() {
      refuseUnused("ExpressionAttributeNames", Object.keys(names), used.names, expressions);
      refuseUnused("ExpressionAttributeValues", Object.keys(values), used.values, expressions);
    },
  };
}

interface Bindings {
  refuse(problem: string): Error;
  path(path: Path): Path;
  value(placeholder: string): AttributeValue;
}

interface Used {
  names: Set<string>;
  values: Set<string>;
}

function createBindings(
  names: Record<string, string>,
  values: Record<string, AttributeValue>,
  used: Used,
  kind: ExpressionKind,
): Bindings {
  const refuse = (problem: string): Error => validation(`Invalid ${kind}: ${problem}`);
  function nameBehind(segment: string | number): string | number {
    if (typeof segment === "number" || !segment.startsWith("#")) {
      return segment;
    }
    const name = names[segment];
    if (name === undefined) {
      throw refuse(`An expression attribute name used in the document path is not defined; attribute name: ${segment}`);
    }
    used.names.add(segment);
    return name;
  }
  function valueNamed(placeholder: string): AttributeValue {
    const value = values[placeholder];
    if (value === undefined) {
      throw refuse(`An expression attribute value used in expression is not defined; attribute value: ${placeholder}`);
    }
    used.values.add(placeholder);
    return value;
  }
  return { refuse, path: (path) => path.map(nameBehind), value: valueNamed };
}

function bindCondition(written: WrittenCondition, bind: Bindings): BoundCondition {
  switch (written.type) {
    case "and":
    case "or":
      return { type: written.type, left: bindCondition(written.left, bind), right: bindCondition(written.right, bind) };
    case "not":
      return { type: "not", of: bindCondition(written.of, bind) };
    case "compare": {
      const left = bindOperand(written.left, bind);
      return { type: "compare", operator: written.operator, left, right: bindOperand(written.right, bind) };
    }
    case "between": {
      const operand = bindOperand(written.operand, bind);
      const low = bindOperand(written.low, bind);
      return { type: "between", operand, low, high: bindOperand(written.high, bind) };
    }
    case "in": {
      const operand = bindOperand(written.operand, bind);
      return { type: "in", operand, options: written.options.map((option) => bindOperand(option, bind)) };
    }
    case "call":
      return { ...written, operands: written.operands.map((operand) => bindOperand(operand, bind)) };
    default:
      throw new Error(`no condition: ${written satisfies never}`);
  }
}

function bindOperand(written: Operand<string>, bind: Bindings): Operand<AttributeValue> {
  switch (written.type) {
    case "path":
      return { type: "path", path: bind.path(written.path) };
    case "value":
      return { type: "value", value: bind.value(written.value) };
    case "size":
      return { type: "size", of: bindOperand(written.of, bind) };
    default:
      throw new Error(`no operand: ${written satisfies never}`);
  }
}

function bindUpdate(written: WrittenUpdate, bind: Bindings): BoundUpdate {
  const withValue = ({ path, value }: { path: Path; value: string }): { path: Path; value: AttributeValue } => ({
    path: bind.path(path),
    value: bind.value(value),
  });
  return {
    set: written.set.map(({ path, term }) => ({ path: bind.path(path), term: bindTerm(term, bind) })),
    remove: written.remove.map(bind.path),
    add: written.add.map(withValue),
    delete: written.delete.map(withValue),
  };
}

function bindTerm(written: Term<string>, bind: Bindings): Term<AttributeValue> {
  switch (written.type) {
    case "path":
      return { type: "path", path: bind.path(written.path) };
    case "value":
      return { type: "value", value: bind.value(written.value) };
    case "if_not_exists":
      return { type: "if_not_exists", path: bind.path(written.path), otherwise: bindTerm(written.otherwise, bind) };
    case "list_append":
    case "sum":
      return { ...written, left: bindTerm(written.left, bind), right: bindTerm(written.right, bind) };
    default:
      throw new Error(`no term: ${written satisfies never}`);
  }
}

/** So many texts are remembered. Programs have dozens; only generated tests reach the limit. */
const maximumRemembered = 5_000;

function remembered<Argument extends unknown[], Tree>(
  parse: (expression: string, ...rest: Argument) => Tree,
): (expression: string, ...rest: Argument) => Tree {
  const trees = new Map<string, Tree>();
  return (expression, ...rest) => {
    const known = trees.get(expression);
    if (known !== undefined) {
      return known;
    }
    const tree = parse(expression, ...rest);
    if (trees.size >= maximumRemembered) {
      trees.clear();
    }
    trees.set(expression, tree);
    return tree;
  };
}

const readCondition = remembered<[ExpressionKind], Condition<string>>(parseCondition);
const readUpdate = remembered(parseUpdate);
const readProjection = remembered(parseProjection);
