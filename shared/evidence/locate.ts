import { blockBytes, digestAt, digestOf } from "./blocks.ts";
import type { Manifest } from "./pack.ts";
import { restoredBlock } from "./restore.ts";
import { firstOther, firstUncanonicalByte } from "./uncanonical.ts";

/** Where a file is no longer what it was. */
export interface Place {
  /** Zero-based. The first byte that differs where `until` is the same; else it is one of those from here until there. */
  offset: number;
  until: number;
  how: "altered" | "cut-short" | "too-long";
}

export function exactly(offset: number): Place {
  return { offset, until: offset, how: "altered" };
}

type Entry = Manifest["files"][number];

/**
 * The first byte that does not hold of a file that is no longer what its manifest says, or null where all its blocks are as they were. The byte
 * is exact where the file's original is at hand, where it was cut short or went on, where no canonical JSON can go on so, and where one
 * change of a byte, or of neighbours, or some bytes put in, explain its first bad block. Else it is somewhere in that block.
 */
export function locate(given: Buffer, entry: Entry, original: Buffer | null): Place | null {
  if (original !== null) return placed(firstOther(given, original) ?? 0, given, original.length);
  const number = firstBadBlock(given, entry);
  if (number === null) {
    return given.length > entry.bytes ? { ...exactly(entry.bytes), how: "too-long" } : null;
  }
  const from = number * blockBytes;
  const length = Math.min(blockBytes, entry.bytes - from);
  const surplus = given.length - entry.bytes;
  const digest = digestAt(entry.blocks, number);
  const block = restoredBlock(given, from, length, surplus, digest);
  if (block !== null) {
    const first = firstOther(given.subarray(from, from + length), block);
    return placed(from + (first ?? length), given, entry.bytes);
  }
  if (surplus < 0 && given.length < from + length) return { ...exactly(given.length), how: "cut-short" };
  return within(given, entry, from, from + length - 1);
}

/** Of canonical JSON, the byte after which nothing could follow is no later than the first that differs. */
function within(given: Buffer, { name }: Entry, from: number, last: number): Place {
  const until = Math.min(last, given.length - 1);
  const uncanonical = name.endsWith(".json") ? firstUncanonicalByte(given) : null;
  return { offset: from, until: Math.max(from, Math.min(until, uncanonical ?? until)), how: "altered" };
}

function placed(offset: number, given: Buffer, length: number): Place {
  const isEnd = offset === given.length && given.length < length;
  const isBeyond = offset === length && given.length > length;
  return { ...exactly(offset), how: isEnd ? "cut-short" : isBeyond ? "too-long" : "altered" };
}

function firstBadBlock(given: Buffer, { bytes, blocks }: Entry): number | null {
  for (let number = 0; number * blockBytes < bytes; number++) {
    const from = number * blockBytes;
    const block = given.subarray(from, Math.min(from + blockBytes, bytes));
    const isWhole = block.length === Math.min(blockBytes, bytes - from);
    if (!isWhole || digestOf(block) !== digestAt(blocks, number)) return number;
  }
  return null;
}
