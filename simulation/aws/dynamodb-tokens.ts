import { validation } from "./dynamodb-errors.ts";
import { isReservedWord } from "./dynamodb-reserved-words.ts";
import type { Path } from "./dynamodb-syntax.ts";

/** Which parameter an expression came in: it opens every message about it. */
export type ExpressionKind =
  | "ConditionExpression"
  | "UpdateExpression"
  | "KeyConditionExpression"
  | "FilterExpression"
  | "ProjectionExpression";

interface Token {
  text: string;
  start: number;
  end: number;
}

/** What a parser reads from: a place in the tokens of one expression. */
export interface TokenReader {
  /** The token at the reader's place, upper-cased if `asKeyword`; "" at the end. */
  peek(asKeyword?: boolean): string;
  next(): string;
  /** Takes the token if it is this one. Keywords are given in capitals and match in any case. */
  take(text: string): boolean;
  expect(text: string): void;
  /** True if the token after the one at the reader's place is this one. */
  followedBy(text: string): boolean;
  atEnd(): boolean;
  /** A ValidationException that points at the token at the reader's place. */
  syntaxError(): Error;
  refuse(problem: string): Error;
}

const maximumExpressionBytes = 4096;
const tokenPattern = /\s*(?:(#\w+|:\w+|[A-Za-z_]\w*|\d+|<>|<=|>=|[=<>()[\].,+-])|(\S))/gy;

/** Splits an expression. Throws a ValidationException for an empty one, or one over 4 KB. */
export function readTokens(expression: string, kind: ExpressionKind): TokenReader {
  const refuse = (problem: string): Error => validation(`Invalid ${kind}: ${problem}`);
  if (expression.trim() === "") {
    throw refuse("The expression can not be empty;");
  }
  if (Buffer.byteLength(expression) > maximumExpressionBytes) {
    throw refuse("Expression size has exceeded the maximum allowed size;");
  }
  const tokens = split(expression);
  let at = 0;
  const textAt = (place: number): string => tokens[place]?.text ?? "";

  function syntaxError(): Error {
    const token = tokens[at];
    const start = (tokens[at - 1] ?? token)?.start ?? 0;
    const end = token === undefined ? expression.length : (tokens[at + 1] ?? token).end;
    const near = expression.slice(start, end);
    return refuse(`Syntax error; token: "${token?.text ?? "<EOF>"}", near: "${near}"`);
  }

  const reader: TokenReader = {
    peek: (asKeyword = false) => (asKeyword ? textAt(at).toUpperCase() : textAt(at)),
    next: () => textAt(at++),
    take(text) {
      const taken = textAt(at).toUpperCase() === text;
      at += taken ? 1 : 0;
      return taken;
    },
    expect(text) {
      if (!reader.take(text)) {
        throw syntaxError();
      }
    },
    followedBy: (text) => textAt(at + 1) === text,
    atEnd: () => at >= tokens.length,
    syntaxError,
    refuse,
  };
  return reader;
}

/** Reads a.b[0].#c. Placeholders stay; a reserved word is refused. */
export function readPath(tokens: TokenReader): Path {
  const path: (string | number)[] = [readName(tokens)];
  for (;;) {
    if (tokens.take(".")) {
      path.push(readName(tokens));
    } else if (tokens.take("[")) {
      path.push(readIndex(tokens));
      tokens.expect("]");
    } else {
      return path;
    }
  }
}

function readName(tokens: TokenReader): string {
  const text = tokens.peek();
  if (!/^[#A-Za-z_]/.test(text) || structuralWords.has(text.toUpperCase())) {
    throw tokens.syntaxError();
  }
  if (isReservedWord(text)) {
    throw tokens.refuse(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  }
  return tokens.next();
}

/** Words that the grammar itself uses: where a name should stand they are a syntax error, not merely reserved. */
const structuralWords = new Set(["AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"]);

const greatestIndex = 2 ** 31 - 1;

function readIndex(tokens: TokenReader): number {
  const text = tokens.peek();
  if (!/^\d+$/.test(text)) {
    throw tokens.syntaxError();
  }
  if (Number(text) > greatestIndex) {
    throw tokens.refuse(`List index is not within the allowable range; index: [${text}]`);
  }
  return Number(tokens.next());
}

function split(expression: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(expression); match !== null; match = tokenPattern.exec(expression)) {
    const text = match[1] ?? match[2] ?? "";
    tokens.push({ text, start: tokenPattern.lastIndex - text.length, end: tokenPattern.lastIndex });
  }
  return tokens;
}
