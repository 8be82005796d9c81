// What a test file gets when it asks for "vitest" while mutants are judged: vitest's own `expect`, and a `describe` and a
// `test` that only remember. Beginning anew for each of some thousand mutants takes vitest itself seconds every time.

import { expect as vitestExpect } from "vitest";

export const expect = vitestExpect;

export interface Remembered {
  /** Its file, the titles of the suites around it, and its own. */
  id: string;
  body: () => unknown;
}

type Body = (...row: unknown[]) => unknown;
type Named = (title: string, body: Body) => void;

let remembered: Remembered[] = [];
let titles: string[] = [];

/** What the files say that are loaded until the next call, the first of them this one. */
export function beginFile(path: string): void {
  titles = [path];
}

/** Takes what was remembered since the last call. */
export function takeRemembered(): Remembered[] {
  const taken = remembered;
  remembered = [];
  return taken;
}

export const describe = withRows((title, body) => {
  titles.push(title);
  body();
  titles.pop();
});

export const test = withRows((title, body) => {
  const id = [...titles, title].join(" > ");
  remembered.push({ id, body });
});

/** As vitest has it: where all rows are lists each gives several arguments, else each is the only one. */
function withRows(once: Named): Named & { each: (rows: readonly unknown[]) => Named } {
  const each = (rows: readonly unknown[]) => (title: string, body: Body) => {
    const areLists = rows.every((row) => Array.isArray(row));
    for (const [index, row] of rows.entries()) {
      once(`${title} [${index + 1}]`, () => body(...(areLists && Array.isArray(row) ? row : [row])));
    }
  };
  return Object.assign(once, { each });
}
