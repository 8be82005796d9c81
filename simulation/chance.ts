import { createHash } from "node:crypto";
import { Broken } from "../shared/failures.ts";

/** Chance that obeys a seed: the same seed and the same questions give the same answers, on every machine. */
export interface Chance {
  /** At least 0 and less than 1, with 53 random bits. */
  next(): number;
  /** A whole number; both ends belong to it. */
  integer(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** Never for 0, always for 1. */
  happens(probability: number): boolean;
  /** A new list; the given one stays as it is. */
  shuffle<T>(list: readonly T[]): T[];
  /**
   * A stream of its own, which depends on the seed and the name and not on what was asked before: asking one does not
   * change another. The same name gives the same stream again, from its beginning.
   */
  fork(name: string): Chance;
}

/** A number and the text that it is written with are the same seed. */
export function createChance(seed: string | number): Chance {
  return chanceOf(digest(String(seed)));
}

function chanceOf(key: Buffer): Chance {
  const next = generator(key);
  return {
    next,
    integer(from, to) {
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from > to || !Number.isSafeInteger(to - from)) {
        throw new Broken(`there is no whole number to choose from ${from} to ${to}`);
      }
      return from + Math.floor(next() * (to - from + 1));
    },
    pick(list) {
      const index = Math.floor(next() * list.length);
      for (const item of list.slice(index, index + 1)) return item;
      throw new Broken("an empty list has nothing to pick");
    },
    happens: (probability) => next() < probability,
    shuffle: (list) =>
      list
        .map((item) => ({ item, place: next() }))
        .sort((left, right) => left.place - right.place)
        .map(({ item }) => item),
    // The key has a fixed length, so no seed and name can be mistaken for another seed and name.
    fork: (name) => chanceOf(digest(`${key.toString("hex")}/${name}`)),
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The generator sfc32 (https://pracrand.sourceforge.net/RNG_engines.txt), two of its words to a number. */
function generator(key: Buffer): () => number {
  let a = key.readInt32LE(0);
  let b = key.readInt32LE(4);
  let c = key.readInt32LE(8);
  let counter = 1;
  const word = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // Its author lets it turn fifteen times, until the key has reached every bit.
  for (let turn = 0; turn < 15; turn++) word();
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}
