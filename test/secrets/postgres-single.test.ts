import { describe, expect, test } from "vitest";
import { strategy as postgresAlternating } from "../../shared/secrets/strategies/postgres-alternating/strategy.ts";
import { strategy } from "../../shared/secrets/strategies/postgres-single/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import {
  asValue,
  changed,
  type Estate,
  estateOn,
  letsIn,
  pendingOf,
  rotated,
  rotationOf,
  targetOfValue,
} from "./postgres-estate.ts";

const suite = "postgres-single";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();
  const alone = (estate: Estate) => changed(estate.current, { masterarn: undefined });
  const ways: readonly (readonly [string, (estate: Estate) => Value])[] = [
    ["by its own hand", alone],
    ["by the administrator", (estate) => estate.current],
  ];

  describe.each(ways)("%s", (_, currentOf) => {
    test("the user gets a new password, and from then on the old one is refused", async () => {
      const estate = await estateOn(server());
      const current = currentOf(estate);
      await asValue(estate, current, async ({ query }) => {
        const second = await rotated(strategy, estate, current);
        expect(JSON.parse(second.text)).toEqual({
          ...JSON.parse(current.text),
          password: targetOfValue(estate, second).password,
        });
        expect(await letsIn(estate, second)).toBe(true);
        expect(await strategy.login(rotationOf(estate), current)).toMatchObject({ failed: "authentication" });
        expect(await strategy.retire(rotationOf(estate), current, second)).toBeNull();
        expect(await query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
        expect(server().log()).not.toContain(targetOfValue(estate, second).password);
      });
    });

    test("what is abandoned fails, and the current password works again", async () => {
      const estate = await estateOn(server());
      const current = currentOf(estate);
      const pending = await rotated(strategy, estate, current);
      expect(await strategy.abandon(rotationOf(estate), pending, current)).toBeNull();
      expect(await letsIn(estate, pending)).toBe(false);
      expect(await letsIn(estate, current)).toBe(true);
      expect(await strategy.abandon(rotationOf(estate), null, current)).toBeNull();
    });

    test("the preflight sees all that is needed, and changes nothing", async () => {
      const estate = await estateOn(server());
      const before = server().log().length;
      const checks = await strategy.preflight(rotationOf(estate), currentOf(estate));
      expect(checks.map(({ failure }) => failure)).toEqual(checks.map(() => null));
      expect(server().log().slice(before)).not.toMatch(/\b(ALTER|CREATE|GRANT)\b/);
    });
  });

  test("its cost is stated", () => {
    expect(strategy.cost).toContain("refused");
    expect(postgresAlternating.cost).toBeNull();
  });

  test("whoever writes a password that is not the user's changes nothing", async () => {
    const estate = await estateOn(server());
    const forged = changed(estate.current, { password: "guessed" });
    const pending = await pendingOf(strategy, estate, forged);
    const failure = await strategy.set(rotationOf(estate), { current: forged, pending, previous: null });
    expect(failure).toMatchObject({ failed: "authentication" });
    expect(await letsIn(estate, estate.current)).toBe(true);
  });

  test("a pending credential of another user is refused", async () => {
    const estate = await estateOn(server());
    const pending = changed(estate.current, { username: estate.administrator.user });
    const versions = { current: estate.current, pending, previous: null };
    expect(await strategy.set(rotationOf(estate), versions)).toMatchObject({ failed: "policy" });
    expect(await strategy.test(rotationOf(estate), versions)).toMatchObject({ failed: "policy" });
  });

  test("the other user of the time when two took turns is retired", async () => {
    const estate = await estateOn(server());
    const second = await rotated(postgresAlternating, estate);
    expect(await strategy.retire(rotationOf(estate), estate.current, second)).toBeNull();
    expect(await letsIn(estate, estate.current)).toBe(false);
    expect(await letsIn(estate, second)).toBe(true);
  });

  test("an administrator who cannot be reached is seen before it is needed", async () => {
    const estate = await estateOn(server());
    Object.assign(estate.lent, changed(estate.lent, { password: "wrong" }));
    const checks = await strategy.preflight(rotationOf(estate), estate.current);
    expect(checks.at(-1)).toMatchObject({ what: "administrator", failure: { failed: "authentication" } });
  });
});
