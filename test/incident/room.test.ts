import { describe, expect, test } from "vitest";
import { fitting, isFull } from "../../shared/incident/membership.ts";
import type { Member } from "../../shared/incident/types.ts";
import { second } from "../../shared/instant.ts";
import { createLife, type Life, listed } from "./life.ts";
import { arnOf, at } from "./stories.ts";

/** An incident of so many red alarms, a0 the oldest. */
function crowded(count: number): Life {
  const life = createLife();
  for (let n = 0; n < count; n++) life.fires(`a${n}`, at(0, n), { severity: "P3" });
  return life;
}

describe("an incident lists 120 alarms", () => {
  test("and is full when all of them are red", () => {
    expect(isFull(crowded(119).incident)).toBe(false);
    const life = crowded(120);
    expect(isFull(life.incident)).toBe(true);
    life.clears("a7", at(3));
    expect(isFull(life.incident)).toBe(false);
  });

  test("one more that is red takes the place of the one that has been OK the longest", () => {
    const life = crowded(120);
    life.clears("a7", at(4));
    life.clears("a3", at(5));
    life.clears("a9", at(6));
    life.fires("b", at(7), { severity: "P3" });
    expect(listed(life)).toHaveLength(120);
    expect(listed(life)).toEqual(expect.arrayContaining(["a3", "a9", "b"]));
    expect(listed(life)).not.toContain("a7");
  });

  test("nobody leaves for one that is listed and red again, though all are red but one", () => {
    const life = crowded(120);
    life.clears("a7", at(4));
    life.clears("a9", at(6));
    life.fires("a9", at(7), { severity: "P3" });
    expect(listed(life)).toHaveLength(120);
    expect(listed(life)).toContain("a7");
  });

  test("nobody leaves for one that is listed already, or where there is room", () => {
    const life = crowded(119);
    life.clears("a7", at(4));
    life.fires("b", at(5), { severity: "P3" });
    expect(listed(life)).toHaveLength(120);
    life.fires("a7", at(6), { severity: "P3" });
    life.clears("a3", at(7));
    life.fires("a3", at(8), { severity: "P3" });
    expect(listed(life)).toHaveLength(120);
  });

  test("one more, where all are red, is listed all the same: it is not dropped", () => {
    const life = crowded(120);
    life.fires("b", at(7), { severity: "P3" });
    expect(listed(life)).toHaveLength(121);
  });
});

describe("of more alarms than fit", () => {
  const member = (name: string, red: boolean, changedAt: number): Member => {
    const life = createLife();
    life.fires(name, changedAt);
    return { ...life.member(name), red };
  };
  const many = (howMany: number, red: (n: number) => boolean) =>
    Object.fromEntries(
      Array.from({ length: howMany }, (_, n) => [arnOf(`a${n}`), member(`a${n}`, red(n), at(0) + n * second)]),
    );

  test("the red ones are listed before the others, the newest first", () => {
    const kept = Object.values(fitting(many(130, (n) => n < 10)));
    const names = kept.map(({ name }) => name);
    expect(names).toHaveLength(120);
    expect(names.slice(0, 11)).toEqual(["a9", "a8", "a7", "a6", "a5", "a4", "a3", "a2", "a1", "a0", "a129"]);
    expect(names.at(-1)).toBe("a20");
  });

  test("120 are all there is, in the order in which they are known", () => {
    const members = many(120, (n) => n % 2 === 0);
    expect(Object.keys(fitting(members))).toEqual(Object.keys(members));
    expect(fitting(members)).not.toBe(members);
  });
});
