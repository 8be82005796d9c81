import { setTimeout as wait } from "node:timers/promises";

/** Counts what was proven, and prints a line for each. */
export class Steps {
  passed = 0;
  failed = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Runs one step; what it gives is appended to its line. Null when it failed. */
  async step<Result>(name: string, act: () => Promise<Result>): Promise<{ value: Result } | null> {
    const from = performance.now();
    const seconds = () => `${((performance.now() - from) / 1_000).toFixed(1)} s`.padStart(8);
    try {
      const value = await act();
      this.passed += 1;
      this.#print(`ok     ${seconds()}  ${name}${typeof value === "string" && value !== "" ? `: ${value}` : ""}`);
      return { value };
    } catch (error) {
      this.failed += 1;
      this.#print(`FAILED ${seconds()}  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

/** Looks every quarter of a second until `look` finds something; throws, with what was wanted, when the time is over. */
export async function eventually<Found>(
  wanted: string,
  limitSeconds: number,
  look: () => Promise<Found | null | undefined>,
): Promise<Found> {
  const end = Date.now() + limitSeconds * 1_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    if (Date.now() >= end) throw new Error(`not within ${limitSeconds} s: ${wanted}`);
    await wait(250);
  }
}
