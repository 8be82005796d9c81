import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validation } from "./dynamodb-errors.ts";
import type { Path } from "./dynamodb-syntax.ts";
import { copyValue, type Item } from "./dynamodb-values.ts";

/** What stands at `path`, or undefined. */
export function readAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attribute(item, path[0]);
  for (let depth = 1; depth < path.length && value !== undefined; depth++) {
    value = child(value, path[depth]);
  }
  return value;
}

/** Puts a value at `path`, in place. An index past the end of a list appends. Throws if the parent is not there. */
export function writeAt(item: Item, path: Path, value: AttributeValue): void {
  const last = path.at(-1);
  const parent = parentOf(item, path);
  if (typeof last === "number" && parent.L !== undefined) {
    parent.L[Math.min(last, parent.L.length)] = value;
  } else if (typeof last === "string" && parent.M !== undefined) {
    parent.M[last] = value;
  } else {
    throw invalidPath();
  }
}

/**
 * Takes away what stands at each of `paths`, in place. Nothing there is no error, no parent is. List elements go last
 * first, so that every index means what it meant before the update.
 */
export function removeAt(item: Item, paths: readonly Path[]): void {
  for (const path of paths.toSorted((one, other) => indexOf(other) - indexOf(one))) {
    const last = path.at(-1);
    const parent = parentOf(item, path);
    if (typeof last === "number" && parent.L !== undefined) {
      parent.L.splice(last, 1);
    } else if (typeof last === "string" && parent.M !== undefined) {
      delete parent.M[last];
    } else {
      throw invalidPath();
    }
  }
}

/** A copy of the parts of the item that `paths` name. Elements of a list close up, in the order of their indexes. */
export function project(item: Item, paths: readonly Path[]): Item {
  const root: Selection = { children: new Map() };
  for (const path of paths) {
    select(root, path);
  }
  return chosen({ M: item }, root)?.M ?? {};
}

/** Refuses paths of which one lies within another, or which take one value for a map and for a list. */
export function refuseOverlaps(paths: readonly Path[], refuse: (problem: string) => Error): void {
  for (const [place, one] of paths.entries()) {
    for (const other of paths.slice(0, place)) {
      const clash = clashOf(other, one);
      if (clash !== null) {
        throw refuse(
          `Two document paths ${clash} with each other; must remove or rewrite one of these paths; ` +
            `path one: ${pathText(other)}, path two: ${pathText(one)}`,
        );
      }
    }
  }
}

/** As DynamoDB prints a path: [a, b, [0]]. */
export function pathText(path: Path): string {
  return `[${path.map((segment) => (typeof segment === "number" ? `[${segment}]` : segment)).join(", ")}]`;
}

/** A tree of what is wanted; a leaf wants everything below it. */
interface Selection {
  children: Map<string | number, Selection>;
}

function select(root: Selection, path: Path): void {
  let node = root;
  for (const segment of path) {
    const next = node.children.get(segment) ?? { children: new Map() };
    node.children.set(segment, next);
    node = next;
  }
}

function chosen(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if (selection.children.size === 0) {
    return copyValue(value);
  }
  if (value.L !== undefined) {
    const places = [...selection.children].sort(([one], [other]) => Number(one) - Number(other));
    const elements = places.flatMap(([place, wanted]) => chosenChild(value, place, wanted) ?? []);
    return elements.length === 0 ? undefined : { L: elements };
  }
  const found: Item = {};
  for (const [name, wanted] of selection.children) {
    const part = chosenChild(value, name, wanted);
    if (part !== undefined) {
      found[name] = part;
    }
  }
  return Object.keys(found).length === 0 ? undefined : { M: found };
}

function chosenChild(value: AttributeValue, segment: string | number, wanted: Selection): AttributeValue | undefined {
  const part = child(value, segment);
  return part === undefined ? undefined : chosen(part, wanted);
}

function parentOf(item: Item, path: Path): AttributeValue {
  const parent = path.length === 1 ? { M: item } : readAt(item, path.slice(0, -1));
  if (parent === undefined) {
    throw invalidPath();
  }
  return parent;
}

function child(value: AttributeValue, segment: string | number | undefined): AttributeValue | undefined {
  if (typeof segment === "number") {
    return value.L?.[segment];
  }
  return value.M === undefined ? undefined : attribute(value.M, segment);
}

function attribute(item: Item, name: string | number | undefined): AttributeValue | undefined {
  return name !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}

function invalidPath(): Error {
  return validation("The document path provided in the update expression is invalid for update");
}

function indexOf(path: Path): number {
  const last = path.at(-1);
  return typeof last === "number" ? last : -1;
}

function clashOf(one: Path, other: Path): "overlap" | "conflict" | null {
  const shared = Math.min(one.length, other.length);
  for (let depth = 0; depth < shared; depth++) {
    if (one[depth] !== other[depth]) {
      return typeof one[depth] === typeof other[depth] ? null : "conflict";
    }
  }
  return "overlap";
}
