import { expect, test } from "vitest";

/**
 * What one implementation is known to do otherwise: the name of a claim → what it does instead, and the documentation
 * by which the claim is right. Each is printed, and expected to fail: one that the implementation has come to keep is found.
 */
export type Exceptions = Readonly<Record<string, string>>;

export interface Claims {
  /** As `test`, unless the implementation is known to do otherwise. */
  claim(name: string, body: () => Promise<void>): void;
  /** To be called after the last claim: an exception that is none of the suite's is a mistake. */
  end(): void;
}

export function createClaims(implementation: string, exceptions: Exceptions = {}): Claims {
  const unused = new Set(Object.keys(exceptions));
  return {
    claim(name, body) {
      const reason = exceptions[name];
      if (reason === undefined) {
        test(name, body);
        return;
      }
      unused.delete(name);
      process.stdout.write(`${implementation} is not held to "${name}": ${reason}\n`);
      test.fails(`${name} (${implementation} does not: ${reason})`, body);
    },
    end() {
      test("every exception names a claim", () => expect([...unused]).toEqual([]));
    },
  };
}
