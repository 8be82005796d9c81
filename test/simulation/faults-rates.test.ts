import { describe, expect, test } from "vitest";
import { createChance } from "../../simulation/chance.ts";
import { faultKinds, faultLevels, faultRates } from "../../simulation/fault-rates.ts";
import { createFaults } from "../../simulation/faults.ts";

describe("the rates", () => {
  test("are all nothing, then something, then about five times that with a fifth at most", () => {
    for (const kind of faultKinds) {
      expect(faultRates.none[kind]).toBe(0);
      expect(faultRates.usual[kind]).toBeGreaterThan(0);
      expect(faultRates.harsh[kind]).toBeCloseTo(Math.min(0.2, 5 * faultRates.usual[kind]), 10);
    }
  });

  test.each(faultLevels)("of level %s are kept to, and what is injected is counted", (level) => {
    const faults = createFaults(level, createChance(level));
    for (const kind of faultKinds) {
      const injected = Array.from({ length: 20_000 }, () => faults.happens(kind)).filter(Boolean).length;
      expect(faults.counts[kind]).toBe(injected);
      expect(Math.abs(injected / 20_000 - faults.rates[kind])).toBeLessThan(0.01);
    }
  });

  test("one kind's story does not depend on how often another kind was asked for", () => {
    const story = (asked: number): boolean[] => {
      const faults = createFaults("harsh", createChance("independent"));
      for (let i = 0; i < asked; i++) faults.happens("lostEvent");
      return Array.from({ length: 100 }, () => faults.happens("reorder"));
    };
    expect(story(0)).toEqual(story(17));
  });
});
