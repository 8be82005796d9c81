// Every key becomes a text whose code units sort as DynamoDB sorts the key: strings by their UTF-8 bytes, numbers by
// value, binaries by unsigned bytes. So one sorted list serves every kind of key.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { numberOrder } from "./dynamodb-numbers.ts";

/** The text that sorts in place of a key attribute's value. */
export function keyOrder(value: AttributeValue): string {
  if (value.S !== undefined) {
    return orderedText(value.S);
  }
  return value.N === undefined ? orderedBinary(value.B ?? new Uint8Array()) : numberOrder(value.N);
}

/** One code unit for each byte. */
export function orderedBinary(binary: Uint8Array): string {
  return Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength).toString("latin1");
}

/** Negative, zero or positive by UTF-8 bytes. */
export function compareText(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return orderedText(left) < orderedText(right) ? -1 : 1;
}

/** A position in a partition: `sort` first; `tie` tells apart what an index allows to have the same sort key. */
export function position(sort: string, tie: string): string {
  return `${escaped(sort)}${separator}${tie}`;
}

/** Half-open ranges of positions: all whose sort key is below, equal to … `sort`. */
export const positions = {
  firstOf: (sort: string): string => `${escaped(sort)}${separator}`,
  afterAllOf: (sort: string): string => `${escaped(sort)}\u0000\u0001`,
  firstBeginningWith: (prefix: string): string => escaped(prefix),
  afterAllBeginningWith: (prefix: string): string => `${escaped(prefix)}\uffff`,
};

/** Values in the order of their keys, found by halving. It is a class because it holds changing state. */
export class SortedList<Value> {
  readonly keys: string[];
  readonly values: Value[];

  constructor(keys: string[] = [], values: Value[] = []) {
    this.keys = keys;
    this.values = values;
  }

  /** The first place whose key is not below `key`. */
  place(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] ?? "") < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  get(key: string): Value | undefined {
    const place = this.place(key);
    return this.keys[place] === key ? this.values[place] : undefined;
  }

  set(key: string, value: Value): void {
    const place = this.place(key);
    if (this.keys[place] === key) {
      this.values[place] = value;
      return;
    }
    this.keys.splice(place, 0, key);
    this.values.splice(place, 0, value);
  }

  delete(key: string): void {
    const place = this.place(key);
    if (this.keys[place] === key) {
      this.keys.splice(place, 1);
      this.values.splice(place, 1);
    }
  }

  copy(): SortedList<Value> {
    return new SortedList(this.keys.slice(), this.values.slice());
  }
}

const separator = "\u0000\u0000";

/** Keeps the order, and keeps the separator out of the text. */
function escaped(text: string): string {
  return text.includes("\u0000") ? text.replaceAll("\u0000", "\u0000\u0001") : text;
}

/** UTF-16 puts surrogates below U+E000…U+FFFF, UTF-8 puts them above: exchange the two ranges. */
function orderedText(text: string): string {
  if (!/[\ud800-\uffff]/.test(text)) {
    return text;
  }
  let ordered = "";
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const moved = unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
    ordered += String.fromCharCode(moved);
  }
  return ordered;
}
