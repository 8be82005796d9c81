/** What the reader is inside of; `depth` counts the braces of code that stands inside a template. */
type Mode = { in: "code"; depth: number } | { in: "template" };

interface Reader {
  text: string;
  at: number;
  modes: Mode[];
  /** The last word or sign of code: it tells a pattern from a division. */
  before: string;
}

/** The text with comments, and if asked the insides of strings, templates and patterns, as blanks: lines and columns stay. */
export function blank(text: string, options: { strings: boolean }): string {
  const reader: Reader = { text, at: 0, modes: [{ in: "code", depth: 0 }], before: "" };
  const parts: string[] = [];
  while (reader.at < text.length) {
    const from = reader.at;
    const kind = advance(reader);
    const part = text.slice(from, reader.at);
    const hidden = kind === "comment" || (kind === "string" && options.strings);
    parts.push(hidden ? part.replace(/[^\n]/g, " ") : part);
  }
  return parts.join("");
}

/** Moves past one comment, string, pattern or piece of code, and says which it was. */
function advance(reader: Reader): "comment" | "string" | "code" {
  const mode = reader.modes.at(-1);
  if (mode?.in === "template") return advanceTemplate(reader);
  const rest = reader.text.slice(reader.at, reader.at + 2);
  if (rest === "//") return move(reader, /[^\n]*/y, "comment");
  if (rest === "/*") return move(reader, /\/\*[\s\S]*?(?:\*\/|$)/y, "comment");
  if (rest.startsWith('"')) return move(reader, /"(?:\\.|[^"\\\n])*"?/y, "string");
  if (rest.startsWith("'")) return move(reader, /'(?:\\.|[^'\\\n])*'?/y, "string");
  if (rest.startsWith("/") && mayBeginPattern(reader.before)) {
    return move(reader, /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/?\w*/y, "string");
  }
  return advanceCode(reader, rest.charAt(0), mode);
}

function advanceCode(reader: Reader, sign: string, mode: Mode | undefined): "code" | "string" {
  if (sign === "`") {
    reader.modes.push({ in: "template" });
    return move(reader, /`/y, "string");
  }
  if (mode?.in === "code" && sign === "{") mode.depth++;
  if (mode?.in === "code" && sign === "}") {
    if (mode.depth === 0 && reader.modes.length > 1) {
      reader.modes.pop();
      return move(reader, /\}/y, "string");
    }
    mode.depth--;
  }
  const from = reader.at;
  move(reader, /\s+|[\w$]+|[^\w\s]/y, "code");
  const piece = reader.text.slice(from, reader.at);
  if (piece.trim() !== "") reader.before = piece;
  return "code";
}

function advanceTemplate(reader: Reader): "string" {
  const rest = reader.text.slice(reader.at, reader.at + 2);
  if (rest === "${") {
    reader.modes.push({ in: "code", depth: 0 });
    reader.before = "{";
    return move(reader, /\$\{/y, "string");
  }
  if (rest.startsWith("`")) {
    reader.modes.pop();
    return move(reader, /`/y, "string");
  }
  return move(reader, /(?:\\[\s\S]|[^\\`$]|\$(?!\{))+/y, "string");
}

function move<Kind>(reader: Reader, pattern: RegExp, kind: Kind): Kind {
  pattern.lastIndex = reader.at;
  const length = pattern.exec(reader.text)?.[0].length ?? 1;
  if (kind === "string") reader.before = '"';
  reader.at += Math.max(1, length);
  return kind;
}

function mayBeginPattern(before: string): boolean {
  return (
    before === "" || /^[(,=:[!&|?{;+*%~^<>-]$/.test(before) || /^(return|typeof|case|in|of|yield|await)$/.test(before)
  );
}
