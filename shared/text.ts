/** One line of harmless text: control characters, line separators and direction marks become visible escapes. */
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

// C0 and C1 controls, line and paragraph separators, and the marks that reorder what a terminal shows.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

function visible(character: string): string {
  const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return named[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
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
