import { isPair, isScalar, isSeq, Lexer, LineCounter, parseDocument, visit } from "yaml";

/** What a configuration file's comments say of one key. */
export interface Explanation {
  /** The keys that lead to it; an entry of a list counts as `*`. */
  path: readonly string[];
  says: string;
}

/**
 * What is said of each key, in the file's order: the comment lines right above it, and what stands behind it on its line.
 * Keys that have no default are explained in the same way by the examples that the comments hold.
 */
export function explanationsIn(text: string): Explanation[] {
  return [...explanationsOutsideOf(text), ...examplesIn(text).flatMap(explanationsOutsideOf)];
}

/** The YAML that follows a comment line which ends with "Example:", each as a document of its own. */
export function examplesIn(text: string): string[] {
  const comments = commentsIn(text);
  return [...comments.keys()].flatMap((line) => {
    if (!comments.get(line)?.text.endsWith(exampleSign)) return [];
    const lines: string[] = [];
    for (let next = comments.get(line + 1); next?.alone; next = comments.get(line + 1 + lines.length)) {
      lines.push(next.text);
    }
    return [`${lines.join("\n")}\n`];
  });
}

const exampleSign = "Example:";

function explanationsOutsideOf(text: string): Explanation[] {
  const comments = commentsIn(text);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const found: Explanation[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || !pair.key.range) return;
      const says = commentOn(lines.linePos(pair.key.range[0]).line, comments);
      const above = ancestors.flatMap((node) => {
        if (isPair(node) && isScalar(node.key)) return [String(node.key.value)];
        return isSeq(node) ? ["*"] : [];
      });
      if (says !== "") found.push({ path: [...above, String(pair.key.value)], says });
    },
  });
  return found;
}

interface Comment {
  /** Without its sign; blanks before the text are kept, because an example is indented. */
  text: string;
  /** It has its line for itself. */
  alone: boolean;
}

/** By the line, from 1, on which each stands. */
function commentsIn(text: string): Map<number, Comment> {
  const comments = new Map<number, Comment>();
  const lines = text.split("\n");
  let line = 1;
  for (const token of new Lexer().lex(text)) {
    const alone = lines[line - 1]?.trimStart().startsWith("#") ?? false;
    if (token.startsWith("#")) comments.set(line, { text: token.slice(1).trimEnd(), alone });
    line += token.split("\n").length - 1;
  }
  return comments;
}

function commentOn(line: number, comments: ReadonlyMap<number, Comment>): string {
  const said: string[] = [];
  for (let above = comments.get(line - 1); above?.alone; above = comments.get(line - 1 - said.length)) {
    said.unshift(above.text.trim());
  }
  const example = said.findIndex((each) => each.endsWith(exampleSign));
  const last = said[example]?.slice(0, -exampleSign.length).trim();
  const own = last === undefined ? said : [...said.slice(0, example), last];
  return [...own, comments.get(line)?.text.trim() ?? ""].filter((each) => each !== "").join(" ");
}
