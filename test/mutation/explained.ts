/** A mutant that no test killed. */
export interface Survivor {
  /** File, mutator, what stood there and what stood there instead: nothing that another edit of the file would change. */
  name: string;
  line: number;
}

export interface Comparison {
  unexplained: Survivor[];
  explained: number;
  /** What the page names, and no longer survives. */
  obsolete: string[];
}

/** The survivors that a page does not explain, and what it explains in vain. A name that survives twice stands there twice. */
export function compare(survivors: readonly Survivor[], page: string): Comparison {
  const left = namesIn(page);
  const unexplained = survivors.filter(({ name }) => {
    const index = left.indexOf(name);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
  return { unexplained, explained: survivors.length - unexplained.length, obsolete: left };
}

/** `shared/incident/late.ts ConditionalExpression: known === undefined → true` */
export function nameOf(file: string, mutator: string, before: string, after: string): string {
  return `${file} ${mutator}: ${oneLine(before)} → ${oneLine(after)}`;
}

/** The lines of a page that stand between fences. */
function namesIn(page: string): string[] {
  const blocks = page.split(/^```.*$/m).filter((_, index) => index % 2 === 1);
  return blocks.flatMap((block) => block.split("\n").filter((line) => line !== ""));
}

function oneLine(code: string): string {
  const line = code.replace(/\s+/g, " ").trim();
  return line.length <= maximumLength ? line : `${line.slice(0, maximumLength - 30)} … ${line.slice(-27)}`;
}

const maximumLength = 100;
