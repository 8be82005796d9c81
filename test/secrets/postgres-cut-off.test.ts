import { describe, expect, test } from "vitest";
import type { Failure } from "../../shared/secrets/failure.ts";
import { strategy as postgresAlternating } from "../../shared/secrets/strategies/postgres-alternating/strategy.ts";
import { strategy as postgresSingle } from "../../shared/secrets/strategies/postgres-single/strategy.ts";
import type { Rotation, Strategy } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import { cutOffAfter, Ended } from "./cut-off.ts";
import { changed, type Estate, estateOn, letsIn, pendingOf, rotated, rotationOf } from "./postgres-estate.ts";

// A process can end at any of its calls. Whoever comes after it does the same again, and must come to the same end; and all the
// while whoever has the current credential is let in.

/** What is done, and what must then hold. */
interface Story {
  strategy: Strategy;
  prepare(estate: Estate): Promise<{ current: Value; other: Value }>;
  act(rotation: Rotation, values: { current: Value; other: Value }): Promise<Failure | null>;
  /** Whether the other credential is let in at the end. */
  lives: boolean;
  /** Whether the current one is all the while; with one user it cannot be. */
  currentLives: boolean;
}

const set: Story["act"] = (rotation, { current, other }) =>
  postgresAlternating.set(rotation, { current, pending: other, previous: null });
const setSingle: Story["act"] = (rotation, { current, other }) =>
  postgresSingle.set(rotation, { current, pending: other, previous: null });

const alternating = { strategy: postgresAlternating, currentLives: true };

const stories: Readonly<Record<string, Story>> = {
  "a clone's first turn": {
    ...alternating,
    prepare: async (estate) => ({ current: estate.current, other: await pendingOf(postgresAlternating, estate) }),
    act: set,
    lives: true,
  },
  "the base role's turn": {
    ...alternating,
    prepare: async (estate) => {
      const current = await rotated(postgresAlternating, estate);
      return { current, other: await pendingOf(postgresAlternating, estate, current) };
    },
    act: set,
    lives: true,
  },
  "the proof of a turn": {
    ...alternating,
    prepare: async (estate) => ({ current: estate.current, other: await rotated(postgresAlternating, estate) }),
    act: (rotation, { current, other }) =>
      postgresAlternating.test(rotation, { current, pending: other, previous: null }),
    lives: true,
  },
  "a retirement": {
    ...alternating,
    prepare: async (estate) => ({ current: await rotated(postgresAlternating, estate), other: estate.current }),
    act: (rotation, { current, other }) => postgresAlternating.retire(rotation, other, current),
    lives: false,
  },
  "what is abandoned": {
    ...alternating,
    prepare: async (estate) => ({ current: estate.current, other: await rotated(postgresAlternating, estate) }),
    act: (rotation, { current, other }) => postgresAlternating.abandon(rotation, other, current),
    lives: false,
  },
  "a single user's new password, by the administrator": {
    strategy: postgresSingle,
    prepare: async (estate) => ({ current: estate.current, other: await pendingOf(postgresSingle, estate) }),
    act: setSingle,
    lives: true,
    currentLives: false,
  },
  "a single user's new password, by its own hand": {
    strategy: postgresSingle,
    prepare: async (estate) => {
      const current = changed(estate.current, { masterarn: undefined });
      return { current, other: await pendingOf(postgresSingle, estate, current) };
    },
    act: setSingle,
    lives: true,
    currentLives: false,
  },
  "a single user's old password, given back": {
    strategy: postgresSingle,
    prepare: async (estate) => ({ current: estate.current, other: await rotated(postgresSingle, estate) }),
    act: (rotation, { current, other }) => postgresSingle.abandon(rotation, other, current),
    lives: false,
    currentLives: false,
  },
};

const suite = "PostgreSQL, cut off at any call";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();

  test.concurrent.each(Object.entries(stories))("%s", async (_, story) => {
    let calls = 0;
    while (await isCutAfter(calls, story)) calls += 1;
    expect(calls).toBeGreaterThan(3);
  });

  /** Tells the story with a process that ends after so many calls, and to its end with the next; false when the first sufficed. */
  async function isCutAfter(calls: number, story: Story): Promise<boolean> {
    const estate = await estateOn(server(), { sslmode: "disable" });
    const values = await story.prepare(estate);
    const cut = cutOffAfter(estate.outside, calls);
    const hasSucceeded = await story.act(rotationOf(cut), values).then(
      (failure) => failure === null,
      (error: unknown) => {
        if (error instanceof Ended) return false;
        throw error;
      },
    );
    expect(hasSucceeded).toBe(!cut.isCut());
    if (story.currentLives) expect(await letsIn(estate, values.current)).toBe(true);
    expect(await story.act(rotationOf(estate), values)).toBeNull();
    expect(await letsIn(estate, values.other)).toBe(story.lives);
    if (story.currentLives || !story.lives) expect(await letsIn(estate, values.current)).toBe(true);
    if (story.lives) {
      const versions = { current: values.current, pending: values.other, previous: null };
      expect(await story.strategy.test(rotationOf(estate), versions)).toBeNull();
    }
    return cut.isCut();
  }
});
