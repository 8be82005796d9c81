import type { Path, Term, Update, WrittenUpdate } from "./dynamodb-syntax.ts";
import { readPath, readTokens, type TokenReader } from "./dynamodb-tokens.ts";

/**
 * Reads an update expression: SET, REMOVE, ADD and DELETE, each at most once and in any order. Throws a
 * ValidationException. Source: Developer Guide, "Using update expressions in DynamoDB".
 */
export function parseUpdate(expression: string): WrittenUpdate {
  const tokens = readTokens(expression, "UpdateExpression");
  const update: WrittenUpdate = { set: [], remove: [], add: [], delete: [] };
  const seen = new Set<string>();
  while (!tokens.atEnd()) {
    const section = tokens.peek(true);
    const read = sections.get(section);
    if (read === undefined) {
      throw tokens.syntaxError();
    }
    if (seen.has(section)) {
      throw tokens.refuse(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    tokens.next();
    Object.assign(update, read(tokens));
  }
  return update;
}

/** Reads a projection: paths, separated by commas. */
export function parseProjection(expression: string): readonly Path[] {
  const tokens = readTokens(expression, "ProjectionExpression");
  const paths = readList(tokens, () => readPath(tokens));
  if (!tokens.atEnd()) {
    throw tokens.syntaxError();
  }
  return paths;
}

const sections = new Map<string, (tokens: TokenReader) => Partial<Update<string>>>([
  ["SET", (tokens) => ({ set: readList(tokens, () => readAssignment(tokens)) })],
  ["REMOVE", (tokens) => ({ remove: readList(tokens, () => readPath(tokens)) })],
  ["ADD", (tokens) => ({ add: readList(tokens, () => readPathAndValue(tokens)) })],
  ["DELETE", (tokens) => ({ delete: readList(tokens, () => readPathAndValue(tokens)) })],
]);

function readList<Element>(tokens: TokenReader, read: () => Element): Element[] {
  const elements = [read()];
  while (tokens.take(",")) {
    elements.push(read());
  }
  return elements;
}

function readAssignment(tokens: TokenReader): { path: Path; term: Term<string> } {
  const path = readPath(tokens);
  tokens.expect("=");
  return { path, term: readTerm(tokens) };
}

function readPathAndValue(tokens: TokenReader): { path: Path; value: string } {
  const path = readPath(tokens);
  return { path, value: readPlaceholder(tokens) };
}

function readPlaceholder(tokens: TokenReader): string {
  if (!tokens.peek().startsWith(":")) {
    throw tokens.syntaxError();
  }
  return tokens.next();
}

/** One operand, or two with a + or - between them; never three. */
function readTerm(tokens: TokenReader): Term<string> {
  const parenthesized = tokens.take("(");
  const left = readOperand(tokens);
  const sign = tokens.take("+") ? 1 : tokens.take("-") ? -1 : undefined;
  const term: Term<string> = sign === undefined ? left : { type: "sum", sign, left, right: readOperand(tokens) };
  if (parenthesized) {
    tokens.expect(")");
  }
  return term;
}

function readOperand(tokens: TokenReader): Term<string> {
  if (tokens.peek().startsWith(":")) {
    return { type: "value", value: tokens.next() };
  }
  if (!tokens.followedBy("(")) {
    return { type: "path", path: readPath(tokens) };
  }
  const name = tokens.next();
  if (name !== "if_not_exists" && name !== "list_append") {
    throw tokens.refuse(
      conditionFunctions.has(name)
        ? `The function is not allowed in an update expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  }
  tokens.expect("(");
  const operands = readList(tokens, () => readOperand(tokens));
  tokens.expect(")");
  return call(name, operands, tokens);
}

const conditionFunctions: ReadonlySet<string> = new Set([
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
  "size",
]);

function call(
  name: "if_not_exists" | "list_append",
  operands: readonly Term<string>[],
  tokens: TokenReader,
): Term<string> {
  const [left, right] = operands;
  if (left === undefined || right === undefined || operands.length > 2) {
    throw tokens.refuse(
      "Incorrect number of operands for operator or function; " +
        `operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (name === "list_append") {
    return { type: "list_append", left, right };
  }
  if (left.type !== "path") {
    throw tokens.refuse("Operator or function requires a document path; operator or function: if_not_exists");
  }
  return { type: "if_not_exists", path: left.path, otherwise: right };
}
