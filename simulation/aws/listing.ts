// What a service lists in the order in which it came: pages cost what they show, however much there is.

export interface PageRequest<Item> {
  size: number;
  token: string | undefined;
  fits?: (item: Item) => boolean;
}

export interface Page<Item> {
  items: Item[];
  next: string | undefined;
}

export class Listing<Item> {
  readonly items: Item[] = [];
  /** Beside each item its number, which nothing else ever has: a token names one, and holds whatever came or went. */
  readonly #places: number[] = [];
  #next = 0;

  add(item: Item): void {
    this.items.push(item);
    this.#places.push(this.#next++);
  }

  remove(item: Item): void {
    const index = this.items.indexOf(item);
    if (index === -1) return;
    this.items.splice(index, 1);
    this.#places.splice(index, 1);
  }

  /** A page of none has a token too, as long as something follows. Undefined for a token that nobody gave out. */
  page({ size, token, fits = () => true }: PageRequest<Item>): Page<Item> | undefined {
    let last = token === undefined ? -1 : placeIn(token);
    if (last === undefined) return undefined;
    const shown: Item[] = [];
    for (let index = this.#indexAfter(last); index < this.items.length; index++) {
      const item = this.items[index];
      if (item === undefined || !fits(item)) continue;
      if (shown.length === size) return { items: shown, next: tokenAfter(last) };
      shown.push(item);
      last = this.#places[index] ?? last;
    }
    return { items: shown, next: undefined };
  }

  #indexAfter(place: number): number {
    let from = 0;
    let to = this.#places.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#places[middle] ?? 0) <= place) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

const prefix = "after:";

function tokenAfter(place: number): string {
  return Buffer.from(`${prefix}${place}`).toString("base64url");
}

function placeIn(token: string): number | undefined {
  const text = Buffer.from(token, "base64url").toString();
  return /^after:(-1|\d+)$/.test(text) ? Number(text.slice(prefix.length)) : undefined;
}
