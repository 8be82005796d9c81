// Reads canonical JSON as strictly as canonical.ts writes it.

/**
 * The offset of the first byte with which no canonical JSON could go on: what was altered is there or before. The length where it ends too
 * early; null where it is canonical.
 */
export function firstUncanonicalByte(bytes: Buffer): number | null {
  const text = bytes.toString("utf8");
  const end = valueEnd(text, 0, 0);
  const isWhole = end >= 0 && end === text.length;
  const offset = isWhole ? null : Buffer.byteLength(text.slice(0, end >= 0 ? end : -1 - end), "utf8");
  const other = firstOther(bytes, Buffer.from(text, "utf8"));
  // What is no UTF-8 was replaced above: only up to there the bytes are the same.
  return other !== null && (offset === null || other <= offset) ? firstInvalidByte(bytes, other) : offset;
}

function firstInvalidByte(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    try {
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, at + 1), { stream: true });
    } catch {
      return at;
    }
  }
  return bytes.length;
}

/** The offset of the first byte in which two differ, or at which one of them ends; null when they are the same. */
export function firstOther(left: Buffer, right: Buffer): number | null {
  if (left.equals(right)) return null;
  const length = Math.min(left.length, right.length);
  let [from, to] = [0, length];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (left.subarray(from, middle).equals(right.subarray(from, middle))) from = middle;
    else to = middle - 1;
  }
  return from;
}

/** Where something ends that begins at a place of a text; the place at which it goes wrong is told as -1 less the place. */
type End = number;

const maximumDepth = 100;

function wrongAt(place: number): End {
  return -1 - place;
}

function valueEnd(text: string, from: number, depth: number): End {
  if (depth > maximumDepth) return wrongAt(from);
  switch (text.charAt(from)) {
    case "{":
      return listEnd(text, from, "}", (at, last) => memberEnd(text, at, last, depth));
    case "[":
      return listEnd(text, from, "]", (at) => valueEnd(text, at, depth + 1));
    case '"':
      return stringEnd(text, from);
    case "t":
      return wordEnd(text, from, "true");
    case "f":
      return wordEnd(text, from, "false");
    case "n":
      return wordEnd(text, from, "null");
    default:
      return numberEnd(text, from);
  }
}

/** What is in brackets, with a comma between any two; each is told where the one before it began. */
function listEnd(text: string, from: number, closing: string, itemEnd: (at: number, last: number | null) => End): End {
  if (text.charAt(from + 1) === closing) return from + 2;
  let last: number | null = null;
  for (let at = from + 1; ; ) {
    const end = itemEnd(at, last);
    if (end < 0) return end;
    if (text.charAt(end) === closing) return end + 1;
    if (text.charAt(end) !== ",") return wrongAt(end);
    last = at;
    at = end + 1;
  }
}

function memberEnd(text: string, from: number, last: number | null, depth: number): End {
  const end = text.charAt(from) === '"' ? stringEnd(text, from) : wrongAt(from);
  if (end < 0) return end;
  if (text.charAt(end) !== ":") return wrongAt(end);
  if (last !== null) {
    const [before, own] = [keyAt(text, last), keyAt(text, from)];
    // It is at the first character in which they differ that the order is wrong.
    const same = Math.min(commonLength(text, last + 1, from + 1), end - from - 2);
    if (before >= own) return wrongAt(characterEnd(text, from + 1 + same) - 1);
  }
  return valueEnd(text, end + 1, depth + 1);
}

/** Of a text that was found to end. */
function keyAt(text: string, from: number): string {
  const key: unknown = JSON.parse(text.slice(from, stringEnd(text, from)));
  return String(key);
}

function commonLength(text: string, left: number, right: number): number {
  let length = 0;
  while (right + length < text.length && text.charAt(left + length) === text.charAt(right + length)) length += 1;
  return length;
}

function stringEnd(text: string, from: number): End {
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character < " ") return wrongAt(at);
    if (character !== "\\") continue;
    const escaped = /^\\(?:["\\bfnrt]|u00(?:0[0-7be]|0f|1[0-9a-f]))/.exec(text.slice(at, at + 6))?.[0];
    if (escaped === undefined) return wrongAt(at + 1);
    at += escaped.length - 1;
  }
  return wrongAt(text.length);
}

/** Of the character of a text in quotes that is written at this place, or was begun just before it by a backslash. */
function characterEnd(text: string, at: number): number {
  const from = text.charAt(at) === "\\" ? at : at - 1;
  if (text.charAt(from) !== "\\") return at + 1;
  return from + (text.charAt(from + 1) === "u" ? 6 : 2);
}

function wordEnd(text: string, from: number, word: string): End {
  const wrong = [...word].findIndex((letter, index) => text.charAt(from + index) !== letter);
  return wrong === -1 ? from + word.length : wrongAt(from + wrong);
}

/** That a number has another canonical form is known only when it has ended. */
function numberEnd(text: string, from: number): End {
  const [token = ""] = /^-?\d*(?:\.\d*)?(?:e[+-]?\d*)?/.exec(text.slice(from, from + maximumDigits)) ?? [];
  const isCanonical = token !== "" && token === JSON.stringify(Number(token));
  return isCanonical ? from + token.length : wrongAt(from + token.length);
}

/** No number of ECMAScript is longer. */
const maximumDigits = 32;
