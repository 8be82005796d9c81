/** What stands at a JSON pointer; undefined where nothing does. https://www.rfc-editor.org/rfc/rfc6901 */
export function at(document: unknown, pointer: string): unknown {
  const segments = pointer.split("/").slice(1);
  return segments.reduce((value: unknown, segment) => {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
    return Object.hasOwn(value, key) ? new Map<string, unknown>(Object.entries(value)).get(key) : undefined;
  }, document);
}

/** A text that should be JSON; undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error repeats what it could not read.
    return undefined;
  }
}
