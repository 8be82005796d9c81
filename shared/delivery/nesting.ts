/**
 * True when lists and objects of a JSON text stand in one another more than `limit` levels deep. Looks at the text alone,
 * in time linear in its length: to build what a hundred thousand brackets say takes the parser longer than all else.
 */
export function nestsDeeper(text: string, limit: number): boolean {
  // Each level takes at least one character to open.
  if (text.length <= limit) return false;
  let depth = 0;
  for (let place = 0; place < text.length; place++) {
    const sign = text.charCodeAt(place);
    if (sign === quote) place = endOfString(text, place);
    else if (sign === openBracket || sign === openBrace) depth += 1;
    else if (sign === closeBracket || sign === closeBrace) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const [openBracket, closeBracket] = [0x5b, 0x5d];
const [openBrace, closeBrace] = [0x7b, 0x7d];

/** The place of the quote that ends the string which begins at `start`; the text's end when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}
