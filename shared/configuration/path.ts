export type Path = readonly (string | number)[];

/** `teams.operations.levels[0].audience`; a key that is more than letters, digits, `_` and `-` stands in brackets. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    if (!/^[A-Za-z0-9_-]+$/.test(segment)) return `${text}[${JSON.stringify(segment)}]`;
    return text === "" ? segment : `${text}.${segment}`;
  }, "");
}

/** What stands at a path; `found` tells a missing value from one that is undefined or null. */
export function look(root: unknown, path: Path): { found: boolean; value: unknown } {
  let value = root;
  for (const segment of path) {
    if (!isMap(value) && !Array.isArray(value)) return { found: false, value: undefined };
    const entry = Object.entries(value).find(([key]) => key === String(segment));
    if (entry === undefined) return { found: false, value: undefined };
    value = entry[1];
  }
  return { found: true, value };
}

/** Every value that holds no other: scalars, empty maps, and lists of scalars as one value. */
export function leaves(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const inner = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : entriesOf(value);
  const holdsMaps = Array.isArray(value) ? value.some((item) => typeof item === "object" && item !== null) : true;
  if (inner.length === 0 || !holdsMaps) return [{ path, value }];
  return inner.flatMap(([segment, item]) => leaves(item, [...path, segment]));
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}
