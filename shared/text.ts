// What comes from outside may hold anything: line breaks, escapes that move a cursor, marks that turn text around or that
// nobody sees. It is kept as it came where it identifies something, and made harmless where it becomes words for people:
// a line of a timeline, a page, a log, a terminal.

/** One line of harmless text: control characters, line separators, and marks that nobody sees become visible escapes. */
export function printable(text: string, maximumLength = 2_000): string {
  const escaped = text.replace(unprintable, visible);
  return escaped.length > maximumLength ? `${clipped(escaped, maximumLength)}…` : escaped;
}

/** At most so many characters of a text, and never half a surrogate pair at its end: no store and no service accepts one. */
export function clipped(text: string, maximumLength: number): string {
  if (text.length <= maximumLength) return text;
  const last = text.charCodeAt(maximumLength - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? maximumLength - 1 : maximumLength);
}

/** The same for a text of several lines, each of its own length: only its line breaks stay. */
export function printableLines(text: string, maximumLength = 2_000): string {
  return text
    .split("\n")
    .map((line) => printable(line, maximumLength))
    .join("\n");
}

/** JSON that is as harmless as `printable` text, and the same document: what it escapes, JSON escapes the same way. */
export function printableJson(document: unknown, indentation = 0): string {
  // A line break within a text is escaped already, so the others are the document's own.
  const json = JSON.stringify(document, null, indentation) ?? "null";
  return json.replace(unprintable, (character) => {
    if (character === "\n") return character;
    const units = character.split("").map((unit) => unicode(unit.charCodeAt(0)));
    return units.join("");
  });
}

/** In the order of their code units: the same in every language, as a sort without a comparison would have it. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** A value as short JSON for an error line. */
export function quoted(value: unknown, maximumLength = 80): string {
  const json = typeof value === "number" ? String(value) : JSON.stringify(value);
  return printable(json ?? String(value), maximumLength);
}

/** The candidate that begins with `word`, else the one with the least edit distance to it; null when there is none at all. */
export function nearest(word: string, candidates: readonly string[]): { candidate: string; close: boolean } | null {
  const measured = candidates.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  const best = measured.sort((left, right) => left.distance - right.distance)[0];
  if (best === undefined) return null;
  const begun = candidates.find(
    (candidate) => word.length >= 2 && candidate.toLowerCase().startsWith(word.toLowerCase()),
  );
  if (begun !== undefined) return { candidate: begun, close: true };
  return { candidate: best.candidate, close: best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) };
}

/** `; did you mean "x"?` where something is near, else the names that exist. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  if (found === null) return "";
  return found.close ? `; did you mean "${found.candidate}"?` : `; the nearest known one is "${found.candidate}"`;
}

// C0 and C1 controls, line and paragraph separators, halves of surrogate pairs, and what only formats: zero-width marks,
// and those that reorder what a terminal shows.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function visible(character: string): string {
  const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const code = character.codePointAt(0) ?? 0;
  return named[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : unicode(code));
}

function unicode(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** Insertions, deletions, replacements and swaps of neighbours, ignoring case; long words are compared by their first 64 letters. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 64).toLowerCase();
  const b = right.slice(0, 64).toLowerCase();
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]?.[j] ?? 0;
      const diagonal = rows[i - 1]?.[j - 1] ?? 0;
      const step = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(step, (rows[i - 2]?.[j - 2] ?? 0) + 1) : step);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
