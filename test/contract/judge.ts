import { afterAll, describe, test } from "vitest";

/** An implementation that is not ours. */
export interface Judge<Running extends { stop(): Promise<void> }> {
  name: string;
  /** Why it cannot be started here, in one line; undefined if it can. */
  missing(): string | undefined;
  start(): Promise<Running>;
}

/**
 * Defines the suite of one judge. Without NIGHTSHIFT_CONTRACT=1 it is skipped, and says so in a line; with it, a judge
 * that is not installed is a failure.
 */
export function heldAgainst<Running extends { stop(): Promise<void> }>(
  judge: Judge<Running>,
  suite: (running: () => Promise<Running>) => void,
): void {
  const { name } = judge;
  if (process.env.NIGHTSHIFT_CONTRACT !== "1") {
    const reason = "NIGHTSHIFT_CONTRACT is not 1";
    process.stdout.write(`the contract is not held against ${name}: ${reason}\n`);
    test.skip(`${name}: ${reason}`);
    return;
  }
  const missing = judge.missing();
  if (missing !== undefined) {
    test(`${name} is installed`, () => {
      throw new Error(`${name} is not installed: ${missing}`);
    });
    return;
  }
  describe(name, () => {
    let starting: Promise<Running> | undefined;
    afterAll(async () => {
      await (await starting)?.stop();
    });
    suite(() => {
      starting ??= judge.start();
      return starting;
    });
  });
}
