import { digestOf } from "./blocks.ts";

// What a block was before one thing happened to it: everything that may have happened is tried, and the digest says which did.
// A digest cannot be read backwards, but a byte has only 256 values.

/** The block that has this digest and from which the bytes at `from` came by one change; null when no single change explains them. */
export function restoredBlock(
  given: Buffer,
  from: number,
  length: number,
  surplus: number,
  digest: string,
): Buffer | null {
  const isIt = (candidate: Buffer) => candidate.length === length && digestOf(candidate) === digest;
  for (const candidates of [flipped, swapped, replaced]) {
    const block = Buffer.from(given.subarray(from, from + length));
    const found = block.length === length ? candidates(block, isIt) : null;
    if (found !== null) return found;
  }
  for (const inserted of new Set([1, surplus])) {
    const found = inserted > 0 ? withoutSome(given.subarray(from, from + length + inserted), inserted, isIt) : null;
    if (found !== null) return found;
  }
  return withOneMore(given.subarray(from, from + length - 1), isIt);
}

type IsIt = (candidate: Buffer) => boolean;

/** First what a memory or a disk does: one bit. */
function flipped(block: Buffer, isIt: IsIt): Buffer | null {
  return changedInPlace(block, [1, 2, 4, 8, 16, 32, 64, 128], isIt);
}

function replaced(block: Buffer, isIt: IsIt): Buffer | null {
  const all = Array.from({ length: 255 }, (_, index) => index + 1);
  return changedInPlace(block, all, isIt);
}

function changedInPlace(block: Buffer, masks: readonly number[], isIt: IsIt): Buffer | null {
  for (let at = 0; at < block.length; at++) {
    const was = block.readUInt8(at);
    for (const mask of masks) {
      block.writeUInt8(was ^ mask, at);
      if (isIt(block)) return block;
    }
    block.writeUInt8(was, at);
  }
  return null;
}

/** Two neighbours. */
function swapped(block: Buffer, isIt: IsIt): Buffer | null {
  for (let at = 0; at + 1 < block.length; at++) {
    block.subarray(at, at + 2).swap16();
    if (isIt(block)) return block;
    block.subarray(at, at + 2).swap16();
  }
  return null;
}

/** So many bytes were put in, somewhere. */
function withoutSome(bytes: Buffer, count: number, isIt: IsIt): Buffer | null {
  for (let at = 0; at + count <= bytes.length; at++) {
    const candidate = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
    if (isIt(candidate)) return candidate;
  }
  return null;
}

/** One byte was taken out, somewhere. */
function withOneMore(bytes: Buffer, isIt: IsIt): Buffer | null {
  for (let at = 0; at <= bytes.length; at++) {
    const candidate = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1), bytes.subarray(at)]);
    for (let value = 0; value < 256; value++) {
      candidate.writeUInt8(value, at);
      if (isIt(candidate)) return candidate;
    }
  }
  return null;
}
