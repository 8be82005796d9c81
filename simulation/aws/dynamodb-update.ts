import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { validation } from "./dynamodb-errors.ts";
import { equal } from "./dynamodb-evaluate.ts";
import { addNumbers } from "./dynamodb-numbers.ts";
import { readAt, removeAt, writeAt } from "./dynamodb-paths.ts";
import type { BoundUpdate, Path, Term } from "./dynamodb-syntax.ts";
import { admit, copyItem, type Item } from "./dynamodb-values.ts";

/**
 * The item after the update; the one before stays as it is. Every operand is read from the item as it was before.
 * Throws a ValidationException where the item does not let itself be updated so.
 */
export function updated(before: Item, update: BoundUpdate): Item {
  const writes = update.set.map(({ path, term }) => ({ path, value: evaluate(term, before) }));
  const removals = [...update.remove];
  for (const { path, value } of update.add) {
    writes.push({ path, value: sumOrUnion(readAt(before, path), value) });
  }
  for (const { path, value } of update.delete) {
    const found = readAt(before, path);
    const rest = found === undefined ? null : difference(found, value);
    if (rest === null) {
      removals.push(path);
    } else {
      writes.push({ path, value: rest });
    }
  }
  const after = isFlat(writes, removals) ? { ...before } : copyItem(before);
  for (const { path, value } of writes.sort(byIndex)) {
    writeAt(after, path, value);
  }
  removeAt(after, removals);
  return after;
}

/** Every path that the update writes to. */
export function writtenPaths(update: BoundUpdate): Path[] {
  const { set, remove, add, delete: taken } = update;
  return [...remove, ...[...set, ...add, ...taken].map(({ path }) => path)];
}

interface Write {
  path: Path;
  value: AttributeValue;
}

function evaluate(term: Term<AttributeValue>, item: Item): AttributeValue {
  switch (term.type) {
    case "value":
      return term.value;
    case "path": {
      const found = readAt(item, term.path);
      if (found === undefined) {
        throw validation("The provided expression refers to an attribute that does not exist in the item");
      }
      return found;
    }
    case "if_not_exists": {
      // The alternative must be there even where it is not needed.
      const otherwise = evaluate(term.otherwise, item);
      return readAt(item, term.path) ?? otherwise;
    }
    case "list_append": {
      const left = evaluate(term.left, item).L;
      const right = evaluate(term.right, item).L;
      if (left === undefined || right === undefined) {
        throw wrongType();
      }
      return { L: [...left, ...right] };
    }
    case "sum": {
      const left = evaluate(term.left, item).N;
      const right = evaluate(term.right, item).N;
      if (left === undefined || right === undefined) {
        throw wrongType();
      }
      return { N: addNumbers(left, right, term.sign) };
    }
    default:
      throw new Error(`no term: ${term satisfies never}`);
  }
}

function sumOrUnion(found: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (found === undefined) {
    return value;
  }
  if (found.N !== undefined && value.N !== undefined) {
    return { N: addNumbers(found.N, value.N, 1) };
  }
  if (found.SS !== undefined && value.SS !== undefined) {
    return admit({ SS: [...new Set([...found.SS, ...value.SS])] });
  }
  if (found.NS !== undefined && value.NS !== undefined) {
    return admit({ NS: [...new Set([...found.NS, ...value.NS])] });
  }
  if (found.BS !== undefined && value.BS !== undefined) {
    const added = value.BS.filter((binary) => !holds(found.BS ?? [], binary));
    return admit({ BS: [...found.BS, ...added] });
  }
  throw wrongType();
}

/** Null when nothing is left: DynamoDB keeps no empty set. */
function difference(found: AttributeValue, value: AttributeValue): AttributeValue | null {
  if (found.SS !== undefined && value.SS !== undefined) {
    const { SS: taken } = value;
    const rest = found.SS.filter((member) => !taken.includes(member));
    return rest.length === 0 ? null : { SS: rest };
  }
  if (found.NS !== undefined && value.NS !== undefined) {
    const { NS: taken } = value;
    const rest = found.NS.filter((member) => !taken.includes(member));
    return rest.length === 0 ? null : { NS: rest };
  }
  if (found.BS !== undefined && value.BS !== undefined) {
    const { BS: taken } = value;
    const rest = found.BS.filter((binary) => !holds(taken, binary));
    return rest.length === 0 ? null : { BS: rest };
  }
  throw wrongType();
}

function holds(binaries: readonly Uint8Array[], wanted: Uint8Array): boolean {
  return binaries.some((binary) => equal({ B: binary }, { B: wanted }));
}

function isFlat(writes: readonly Write[], removals: readonly Path[]): boolean {
  return writes.every(({ path }) => path.length === 1) && removals.every((path) => path.length === 1);
}

/** Elements beyond the end of a list are appended in the order of their indexes, however the expression has them. */
function byIndex(one: Write, other: Write): number {
  const left = one.path.at(-1);
  const right = other.path.at(-1);
  return typeof left === "number" && typeof right === "number" ? left - right : 0;
}

function wrongType(): Error {
  return validation("An operand in the update expression has an incorrect data type");
}
