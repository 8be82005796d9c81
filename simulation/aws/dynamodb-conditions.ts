import type { Comparator, Condition, ConditionFunction, Operand, WrittenCondition } from "./dynamodb-syntax.ts";
import { type ExpressionKind, readPath, readTokens, type TokenReader } from "./dynamodb-tokens.ts";

/**
 * Reads a condition, filter or key condition: OR of ANDs of NOTs of comparisons, as in the Developer Guide's
 * "Condition and filter expressions, operators, and functions". Throws a ValidationException.
 */
export function parseCondition(expression: string, kind: ExpressionKind): WrittenCondition {
  const tokens = readTokens(expression, kind);
  const found = readOr(tokens);
  if (!tokens.atEnd() || !isCondition(found)) {
    throw notACondition(found, tokens);
  }
  return found;
}

/** Parentheses may stand around conditions and around operands, so what they hold is known only once it is read. */
type Node = Condition<string> | Operand<string>;

const operandTypes: ReadonlySet<string> = new Set(["path", "value", "size"]);
const comparators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const operandCounts = new Map<string, number>([
  ["attribute_exists", 1],
  ["attribute_not_exists", 1],
  ["attribute_type", 2],
  ["begins_with", 2],
  ["contains", 2],
  ["size", 1],
]);
const updateFunctions: ReadonlySet<string> = new Set(["if_not_exists", "list_append"]);
const maximumOptions = 100;

function readOr(tokens: TokenReader): Node {
  let left = readAnd(tokens);
  while (isCondition(left) && tokens.take("OR")) {
    left = { type: "or", left, right: condition(readAnd(tokens), tokens) };
  }
  return left;
}

function readAnd(tokens: TokenReader): Node {
  let left = readNot(tokens);
  while (isCondition(left) && tokens.take("AND")) {
    left = { type: "and", left, right: condition(readNot(tokens), tokens) };
  }
  return left;
}

function readNot(tokens: TokenReader): Node {
  if (tokens.take("NOT")) {
    return { type: "not", of: condition(readNot(tokens), tokens) };
  }
  const left = readPrimary(tokens);
  return isCondition(left) ? left : readComparison(left, tokens);
}

function readComparison(left: Operand<string>, tokens: TokenReader): Node {
  const operator = tokens.peek();
  if (isComparator(operator)) {
    tokens.next();
    return { type: "compare", operator, left, right: operand(readPrimary(tokens), tokens) };
  }
  if (tokens.take("BETWEEN")) {
    const low = operand(readPrimary(tokens), tokens);
    tokens.expect("AND");
    return { type: "between", operand: left, low, high: operand(readPrimary(tokens), tokens) };
  }
  if (tokens.take("IN")) {
    tokens.expect("(");
    const options = readOperands(tokens);
    if (options.length > maximumOptions) {
      throw tokens.refuse(`The IN operator is provided with too many operands; number of operands: ${options.length}`);
    }
    return { type: "in", operand: left, options };
  }
  return left;
}

function readPrimary(tokens: TokenReader): Node {
  const text = tokens.peek();
  if (tokens.take("(")) {
    return readParenthesized(tokens);
  }
  if (text.startsWith(":")) {
    return { type: "value", value: tokens.next() };
  }
  const path = functionName(tokens) ?? readPath(tokens);
  if (typeof path === "string") {
    return readCall(path, tokens);
  }
  return { type: "path", path };
}

function readParenthesized(tokens: TokenReader): Node {
  const inner = readOr(tokens);
  tokens.expect(")");
  if (parenthesized.has(inner)) {
    throw tokens.refuse("The expression has redundant parentheses;");
  }
  parenthesized.add(inner);
  return inner;
}

/** Nodes that stood in parentheses of their own: a second pair around the same node is redundant. */
const parenthesized = new WeakSet<Node>();

/** The name of the function that is called here, or undefined. */
function functionName(tokens: TokenReader): string | undefined {
  const name = tokens.peek();
  if (!/^[A-Za-z_]/.test(name) || !tokens.followedBy("(")) {
    return undefined;
  }
  return tokens.next();
}

function readCall(name: string, tokens: TokenReader): Node {
  const count = operandCounts.get(name);
  if (count === undefined) {
    throw tokens.refuse(
      updateFunctions.has(name)
        ? `The function is not allowed in a condition expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  }
  tokens.expect("(");
  const operands = readOperands(tokens);
  const [first] = operands;
  if (operands.length !== count || first === undefined) {
    throw tokens.refuse(
      "Incorrect number of operands for operator or function; " +
        `operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  return isConditionFunction(name) ? { type: "call", name, operands } : { type: "size", of: first };
}

/** At least one operand, up to and with the closing parenthesis. */
function readOperands(tokens: TokenReader): Operand<string>[] {
  const operands = [operand(readPrimary(tokens), tokens)];
  while (tokens.take(",")) {
    operands.push(operand(readPrimary(tokens), tokens));
  }
  tokens.expect(")");
  return operands;
}

function condition(node: Node, tokens: TokenReader): Condition<string> {
  if (isCondition(node)) {
    return node;
  }
  throw notACondition(node, tokens);
}

function operand(node: Node, tokens: TokenReader): Operand<string> {
  if (!isCondition(node)) {
    return node;
  }
  throw node.type === "call"
    ? tokens.refuse(`The function is not allowed to be used this way in an expression; function: ${node.name}`)
    : tokens.syntaxError();
}

function notACondition(node: Node, tokens: TokenReader): Error {
  return node.type === "size"
    ? tokens.refuse("The function is not allowed to be used this way in an expression; function: size")
    : tokens.syntaxError();
}

function isCondition(node: Node): node is Condition<string> {
  return !operandTypes.has(node.type);
}

function isComparator(text: string): text is Comparator {
  return comparators.has(text);
}

function isConditionFunction(name: string): name is ConditionFunction {
  return operandCounts.has(name) && name !== "size";
}
