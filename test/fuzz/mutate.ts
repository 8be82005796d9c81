import type { Chance } from "../../simulation/chance.ts";
import { corpus, names } from "./corpus.ts";
import { batchOf, deepText, enveloped, written } from "./envelopes.ts";
import { brokenArn, brokenRule, brokenTime, garbled, hostileText } from "./texts.ts";

/** What is put into the reader: a document, or the text of one message of the queue. */
export type Input = { document: unknown } | { body: string };

/** One input, hurt in a few places; the same chance gives the same one. Some are only enveloped, and must be read whole. */
export function inputOf(chance: Chance): Input {
  const box = { document: example(chance) };
  hurt(box, chance, chance.pick([0, 1, 1, 2, 4, 8]));
  for (let left = chance.pick([0, 0, 1, 1, 2, 5]); left > 0; left--) {
    box.document = enveloped(box.document, chance);
    if (chance.happens(0.2)) hurt(box, chance, 1);
  }
  if (chance.happens(0.15)) box.document = batchOf(box.document, chance);
  if (!chance.happens(0.3)) return { document: box.document };
  const body = chance.happens(0.002) ? deepText(chance) : written(box.document);
  return { body: chance.happens(0.6) ? garbled(body, chance) : body };
}

function example(chance: Chance): unknown {
  return JSON.parse(chance.pick(chance.pick(corpus)));
}

type Holder = Record<string, unknown> | unknown[];

/** A value in the document: what holds it, and under what. */
interface Place {
  holder: Holder;
  key: string;
}

function hurt(box: { document: unknown }, chance: Chance, times: number): void {
  for (let time = 0; time < times; time++) change(placeIn(box, chance), box, chance);
}

/** Any place, those near the top oftener. */
function placeIn(box: { document: unknown }, chance: Chance): Place {
  let place: Place = { holder: box, key: "document" };
  for (let depth = 0; depth < maximumWalk; depth++) {
    const value = at(place);
    const keys = isHolder(value) ? Object.keys(value) : [];
    if (!isHolder(value) || keys.length === 0 || (depth > 0 && chance.happens(0.2))) return place;
    place = { holder: value, key: chance.pick(keys) };
  }
  return place;
}

const maximumWalk = 12;

function change(place: Place, box: { document: unknown }, chance: Chance): void {
  const value = at(place);
  const choice = chance.integer(0, 11);
  if (typeof value === "string" && choice < 6) {
    put(place.holder, place.key, hurtText(place.key, value, chance));
    return;
  }
  switch (choice) {
    case 0:
      remove(place);
      break;
    case 1:
      put(place.holder, chance.pick(names), value);
      remove(place);
      break;
    case 2:
      if (isHolder(value)) put(value, chance.pick(names), hostileValue(chance));
      else put(place.holder, chance.pick(names), hostileValue(chance));
      break;
    case 3:
      put(place.holder, place.key, at(placeIn({ document: example(chance) }, chance)));
      break;
    case 4:
      exchange(place, placeIn(box, chance));
      break;
    case 5:
      put(place.holder, place.key, around(value, chance));
      break;
    case 6:
      put(place.holder, place.key, unwrapped(value));
      break;
    case 7:
      repeat(place, value, chance);
      break;
    default:
      put(place.holder, place.key, hostileValue(chance));
  }
}

/** A text of the kind that its key promises, broken; else the text itself, garbled. */
function hurtText(key: string, text: string, chance: Chance): string {
  if (/time|stamp|^at$|Window/i.test(key) && chance.happens(0.6)) return brokenTime(chance);
  if (/arn|resources|^\d+$|suppress/i.test(key) && chance.happens(0.6)) return brokenArn(chance);
  if (/rule/i.test(key) && chance.happens(0.7)) return brokenRule(chance);
  return chance.happens(0.4) ? hostileText(chance) : garbled(text, chance);
}

/** The same in something else: a list, an envelope that is none, or its own JSON. */
function around(value: unknown, chance: Chance): unknown {
  switch (chance.integer(0, 4)) {
    case 0:
      return [value];
    case 1:
      return { Records: [value, value] };
    case 2:
      return { [chance.pick(names)]: value };
    case 3:
      return written(value);
    default:
      return nested(value, chance);
  }
}

function nested(value: unknown, chance: Chance): unknown {
  const depth = chance.happens(0.05) ? chance.pick([2_000, 20_000]) : chance.integer(2, 40);
  const key = chance.pick(["detail", "requestPayload", "Records", "Sns", "a"]);
  let outer = value;
  for (let level = 0; level < depth; level++) {
    const also = key === "requestPayload" ? { requestContext: {} } : {};
    outer = key === "Records" || (key === "a" && level % 2 === 0) ? [outer] : { ...also, [key]: outer };
  }
  return outer;
}

const maximumRepeated = 200;

function unwrapped(value: unknown): unknown {
  if (typeof value !== "string") return isHolder(value) ? Object.values(value)[0] : String(value);
  try {
    return JSON.parse(value);
  } catch {
    return Number(value);
  }
}

function repeat({ holder, key }: Place, value: unknown, chance: Chance): void {
  const isMany = chance.happens(0.03) && written(value).length < maximumRepeated;
  const times = isMany ? 1_100 : chance.integer(2, 5);
  if (Array.isArray(holder)) holder.push(...Array.from({ length: times }, () => value));
  else
    put(
      holder,
      key,
      Array.from({ length: times }, () => value),
    );
}

/** What JSON can hold, at its edges; and what only JavaScript can. */
function hostileValue(chance: Chance): unknown {
  switch (chance.integer(0, 9)) {
    case 0:
      return chance.pick([null, undefined, true, false]);
    case 1:
      return chance.pick([0, -0, -1, 1e308, 2 ** 53, Number.NaN, Infinity, -Infinity, 1_777_888_805_123, 5e-324]);
    case 2:
      return chance.pick([{}, [], [[]], [null], { "": "" }, { length: 5 }, JSON.parse('{"__proto__":{"type":"x"}}')]);
    case 3:
      return brokenTime(chance);
    case 4:
      return brokenArn(chance);
    case 5:
      return brokenRule(chance);
    case 6:
      return nested(chance.pick([null, "x", {}]), chance);
    case 7:
      return Array.from({ length: chance.pick([1, 60, 600]) }, () => hostileText(chance).slice(0, 40));
    default:
      return hostileText(chance);
  }
}

/** Copies, because a value that came to hold itself would be no JSON any more. */
function exchange(one: Place, other: Place): void {
  const [first, second] = [copy(at(one)), copy(at(other))];
  put(one.holder, one.key, second);
  put(other.holder, other.key, first);
}

/** Of what is nested too deeply to be copied, nothing. */
function copy(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return null;
  }
}

function at({ holder, key }: Place): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** As JSON.parse does it: `__proto__` is a key like any other. */
function put(holder: Holder, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) holder.push(value);
  else Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (key !== "document") delete holder[key];
}

function isHolder(value: unknown): value is Holder {
  return typeof value === "object" && value !== null;
}
