import fc from "fast-check";
import { expect, test } from "vitest";
import { Broken } from "../../shared/failures.ts";
import { type Chance, createChance } from "../../simulation/chance.ts";

const draw = (chance: Chance, count = 20): number[] => Array.from({ length: count }, () => chance.next());

test("the same seed tells the same story, another seed another one", () => {
  expect(draw(createChance("7"))).toEqual(draw(createChance("7")));
  expect(draw(createChance(7))).toEqual(draw(createChance("7")));
  expect(draw(createChance("8"))).not.toEqual(draw(createChance("7")));
});

test("a seed that was written down tells its story on every machine and in every version", () => {
  const chance = createChance("nightshift");
  expect([chance.integer(0, 999_999), chance.integer(0, 999_999), chance.fork("a").integer(0, 999_999)]).toEqual([
    274_281, 619_738, 345_697,
  ]);
});

test("a number is at least 0 and less than 1, and none is favoured", () => {
  const numbers = draw(createChance("spread"), 20_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Map.groupBy(numbers, (number) => Math.floor(number * 10));
  expect(tenths.size).toBe(10);
  for (const { length } of tenths.values()) {
    expect(length).toBeGreaterThan(1_800);
    expect(length).toBeLessThan(2_200);
  }
});

test("an integer lies between its ends, and both ends come up", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), fc.nat(), (seed, from, span) => {
      const drawn = createChance(seed).integer(from, from + span);
      expect(Number.isInteger(drawn) && drawn >= from && drawn <= from + span).toBe(true);
    }),
  );
  const chance = createChance("ends");
  expect(new Set(Array.from({ length: 100 }, () => chance.integer(-1, 1)))).toEqual(new Set([-1, 0, 1]));
});

test.each([
  [2, 1],
  [0.5, 2],
  [0, Number.NaN],
  [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
])("there is no whole number to choose from %d to %d", (from, to) => {
  expect(() => createChance("x").integer(from, to)).toThrow(Broken);
});

test("probability 0 never happens, 1 always, and a tenth about every tenth time", () => {
  const chance = createChance("probability");
  const times = (probability: number) =>
    Array.from({ length: 10_000 }, () => chance.happens(probability)).filter(Boolean).length;
  expect(times(0)).toBe(0);
  expect(times(1)).toBe(10_000);
  expect(times(0.1)).toBeGreaterThan(900);
  expect(times(0.1)).toBeLessThan(1_100);
});

test("one of a list is picked, even if it is undefined; an empty list has none", () => {
  const chance = createChance("pick");
  expect(new Set(Array.from({ length: 100 }, () => chance.pick(["a", "b", undefined])))).toEqual(
    new Set(["a", "b", undefined]),
  );
  expect(() => chance.pick([])).toThrow(Broken);
});

test("a shuffle keeps every item, and leaves the list alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.integer()), (seed, list) => {
      const before = [...list];
      const shuffled = createChance(seed).shuffle(list);
      expect(shuffled.toSorted((left, right) => left - right)).toEqual(list.toSorted((left, right) => left - right));
      expect(list).toEqual(before);
    }),
  );
});

test("every order of three comes up about equally often", () => {
  const chance = createChance("orders");
  const orders = Map.groupBy(
    Array.from({ length: 6_000 }, () => chance.shuffle(["a", "b", "c"]).join("")),
    (order) => order,
  );
  expect(orders.size).toBe(6);
  for (const { length } of orders.values()) expect(Math.abs(length - 1_000)).toBeLessThan(150);
});

test("asking one stream does not change another", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(50), (seed, name, count) => {
      const chance = createChance(seed);
      const untouched = draw(chance.fork(name));
      draw(chance, count);
      draw(chance.fork(`${name}'s neighbour`), count);
      expect(draw(chance.fork(name))).toEqual(untouched);
    }),
  );
});

test("streams differ by their names, by their seeds and from the one that they come from", () => {
  const root = createChance("root");
  const streams = [root, root.fork("a"), root.fork("b"), root.fork("a").fork("b"), root.fork("a/b")];
  const others = [createChance("other").fork("a"), createChance("a"), createChance("root/a")];
  expect(new Set([...streams, ...others].map((chance) => draw(chance).join())).size).toBe(8);
});
