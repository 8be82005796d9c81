import { compareText } from "../text.ts";
import { baseKeyOf, suffixes } from "./pack.ts";
import { type CheckedSet, type Header, type Problem, pathOf, problem } from "./set.ts";

// Each pack names the manifest of the one before it, by its SHA-256 and its key.

export interface Chain {
  /** Each after the one that it follows. */
  inOrder: readonly CheckedSet[];
  problems: Problem[];
}

/**
 * Holds all sets to their order: from each one leads a link to the one before, and from the first of a chain none. `after` is the
 * SHA-256 of a manifest that need not be there, for whoever looks at the later part of a chain.
 */
export function chain(sets: readonly CheckedSet[], after: string | null): Chain {
  const find = finder(sets);
  const previousOf = new Map(sets.map((set) => [set, find(set)]));
  const problems = sets.flatMap((set) => linkProblem(set, previousOf.get(set) ?? null, after));
  return { inOrder: ordered(sets, previousOf), problems: [...problems, ...forks(sets)] };
}

/** Finds what a set follows: by its SHA-256, or by its key where it was altered, for then its SHA-256 leads nowhere. */
function finder(sets: readonly CheckedSet[]): (set: CheckedSet) => CheckedSet | null {
  const byHash = new Map(sets.map((set) => [set.sha256, set]));
  const byName = new Map(sets.flatMap((set) => manifestNames(set).map((name) => [name, set] as const)));
  return (set) => {
    if (set.previous === null) return null;
    const { sha256, key } = set.previous;
    const found = byHash.get(sha256) ?? (key === null ? undefined : byName.get(lastOf(key)));
    return found === undefined || found === set ? null : found;
  };
}

function manifestNames({ base, header }: CheckedSet): string[] {
  const bases = [base, ...(header === null ? [] : [baseKeyOf(header)])];
  return bases.map((each) => `${lastOf(each)}${suffixes.manifest}`);
}

function lastOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? "";
}

function linkProblem(set: CheckedSet, previous: CheckedSet | null, after: string | null): Problem[] {
  if (set.previous === null) return [];
  const { sha256, key } = set.previous;
  const path = pathOf(set.base, "pack");
  if (previous === null) {
    const message = `follows ${key ?? "a pack"} (SHA-256 ${sha256}), which is not there`;
    return sha256 === after ? [] : [problem(path, set.linkOffset, "gap", message)];
  }
  // What is wrong with one of the two is told already, and its link is only as good as that.
  if (previous.problems.length > 0 || set.problems.length > 0) return [];
  if (previous.sha256 !== sha256) return [replaced(set, previous)];
  const [own, its] = [chainNameOf(set), chainNameOf(previous)];
  return own === its ? [] : [problem(path, set.linkOffset, "gap", `is of ${own}, and follows one of ${its}`)];
}

/** The files of each of the two agree, and the two do not. What of them is other, nothing can say. */
function replaced(set: CheckedSet, { base }: CheckedSet): Problem {
  const message = `is not the one that ${pathOf(set.base, "pack")} follows: one of the two was replaced, with all that it holds`;
  return { ...problem(pathOf(base, "manifest"), 0, "replaced", message), until: null };
}

function chainNameOf({ header, base }: CheckedSet): string {
  return header === null ? base : nameOfChain(header);
}

export function nameOfChain({ operation, environment, account, region }: Header): string {
  return `${operation} of ${environment} in ${account}, ${region}`;
}

/** Two that follow the same, or two firsts of one chain. */
function forks(sets: readonly CheckedSet[]): Problem[] {
  const readable = sets.filter(({ header }) => header !== null);
  const byPrevious = Map.groupBy(readable, (set) => set.previous?.sha256 ?? chainNameOf(set));
  return [...byPrevious.values()].flatMap(([first, ...others]) =>
    others.map((other) => {
      const message = `follows the same as ${pathOf(first?.base ?? "", "pack")}: only one of them can be of this chain`;
      return problem(pathOf(other.base, "pack"), other.linkOffset, "forked", message);
    }),
  );
}

function ordered(
  sets: readonly CheckedSet[],
  previousOf: ReadonlyMap<CheckedSet, CheckedSet | null>,
): readonly CheckedSet[] {
  const byTime = sets.toSorted((left, right) => compareText(timeOf(left), timeOf(right)));
  const followers = Map.groupBy(byTime, (set) => previousOf.get(set) ?? null);
  const waiting = (followers.get(null) ?? []).toReversed();
  const inOrder = new Set<CheckedSet>();
  for (let set = waiting.pop(); set !== undefined; set = waiting.pop()) {
    inOrder.add(set);
    waiting.push(...(followers.get(set) ?? []).filter((each) => !inOrder.has(each)).toReversed());
  }
  // Names that lead in a circle lead to no first one.
  return [...inOrder, ...byTime.filter((set) => !inOrder.has(set))];
}

function timeOf({ header, base }: CheckedSet): string {
  return header?.at ?? base;
}
