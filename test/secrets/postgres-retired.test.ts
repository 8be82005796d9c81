import { describe, expect, test } from "vitest";
import { strategy } from "../../shared/secrets/strategies/postgres-alternating/strategy.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import { as, asValue, changed, estateOn, letsIn, pendingOf, rotated, rotationOf } from "./postgres-estate.ts";

const suite = "postgres-alternating afterwards";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();
  const superuser = (statement: string) => as(server().superuser, ({ query }) => query(statement));
  const changes = /\b(ALTER|CREATE|GRANT|REVOKE|DROP|INSERT|UPDATE|DELETE|SET ROLE)\b/;

  describe("retire", () => {
    test("takes the password of the previous user away, and does nothing else", async () => {
      const estate = await estateOn(server());
      const second = await rotated(strategy, estate);
      const before = server().log().length;
      expect(await strategy.retire(rotationOf(estate), estate.current, second)).toBeNull();
      const made = server()
        .log()
        .slice(before)
        .match(/statement: .*/g);
      expect(made?.filter((statement) => changes.test(statement))).toEqual([
        `statement: ALTER ROLE "${estate.base}" PASSWORD NULL`,
      ]);
      expect(await letsIn(estate, estate.current)).toBe(false);
      expect(await letsIn(estate, second)).toBe(true);
    });

    test("of what is dead already it changes nothing", async () => {
      const estate = await estateOn(server());
      const second = await rotated(strategy, estate);
      const dead = changed(estate.current, { password: "gone" });
      const before = server().log().length;
      expect(await strategy.retire(rotationOf(estate), dead, second)).toBeNull();
      expect(server().log().slice(before)).not.toMatch(changes);
      expect(await letsIn(estate, estate.current)).toBe(true);
    });

    test("a network that fails proves nothing", async () => {
      const estate = await estateOn(server());
      const second = await rotated(strategy, estate);
      const unreachable = changed(estate.current, { port: 1 });
      expect(await strategy.retire(rotationOf(estate), unreachable, second)).toMatchObject({ failed: "network" });
    });

    test("never touches the current one's own user", async () => {
      const estate = await estateOn(server());
      expect(await strategy.retire(rotationOf(estate), estate.current, estate.current)).toMatchObject({
        failed: "policy",
      });
      expect(await letsIn(estate, estate.current)).toBe(true);
    });

    test("kills nothing while the current one is not let in itself", async () => {
      const estate = await estateOn(server());
      const second = await rotated(strategy, estate);
      const broken = changed(second, { password: "wrong" });
      expect(await strategy.retire(rotationOf(estate), estate.current, broken)).toMatchObject({
        failed: "authentication",
      });
      expect(await letsIn(estate, estate.current)).toBe(true);
    });

    test("says so when the server lets the user in without any password", async () => {
      const estate = await estateOn(server());
      await as(estate.administrator, ({ query }) => query("CREATE ROLE trusting LOGIN"));
      const trusted = changed(estate.current, { username: "trusting" });
      expect(await strategy.retire(rotationOf(estate), trusted, estate.current)).toMatchObject({ failed: "policy" });
    });
  });

  describe("abandon", () => {
    test("makes what was set fail, and leaves the current one working", async () => {
      const estate = await estateOn(server());
      const pending = await rotated(strategy, estate);
      expect(await strategy.abandon(rotationOf(estate), pending, estate.current)).toBeNull();
      expect(await letsIn(estate, pending)).toBe(false);
      expect(await letsIn(estate, estate.current)).toBe(true);
      expect(await letsIn(estate, await rotated(strategy, estate))).toBe(true);
    });

    test("of what was never set, or has no value, changes nothing", async () => {
      const estate = await estateOn(server());
      const pending = await pendingOf(strategy, estate);
      const before = server().log().length;
      expect(await strategy.abandon(rotationOf(estate), pending, estate.current)).toBeNull();
      expect(await strategy.abandon(rotationOf(estate), null, estate.current)).toBeNull();
      expect(server().log().slice(before)).not.toMatch(changes);
    });
  });

  describe("preflight", () => {
    test("sees all that a rotation needs, before and after the clone is there, and changes nothing", async () => {
      const estate = await estateOn(server());
      const before = server().log().length;
      const checks = await strategy.preflight(rotationOf(estate), estate.current);
      expect(checks.map(({ what, failure }) => [what, failure])).toEqual(
        ["secret", "name", "host", "tls", "login", "lent secret", "administrator", "privileges", "ownership"].map(
          (what) => [what, null],
        ),
      );
      expect(checks.find(({ what }) => what === "tls")?.seen).toBe("TLSv1.3, verify-full");
      const log = server().log().slice(before);
      expect(log).toContain("BEGIN READ ONLY");
      expect(log).not.toMatch(changes);
      const second = await rotated(strategy, estate);
      const between = server().log().length;
      for (const current of [estate.current, second]) {
        const again = await strategy.preflight(rotationOf(estate), current);
        expect(again.map(({ failure }) => failure)).toEqual(again.map(() => null));
      }
      expect(server().log().slice(between)).not.toMatch(changes);
    });

    test("sees what a clone owns that the base role cannot alter", async () => {
      const estate = await estateOn(server());
      await superuser(`CREATE ROLE ${estate.clone}`);
      await superuser(`GRANT ${estate.clone} TO ${estate.administrator.user} WITH ADMIN OPTION`);
      await superuser(`CREATE SCHEMA ${estate.clone} AUTHORIZATION ${estate.clone}`);
      const checks = await strategy.preflight(rotationOf(estate), estate.current);
      expect(checks.at(-1)).toMatchObject({ what: "ownership", failure: { failed: "privilege" } });
    });

    test("tells nothing of the secret", async () => {
      const estate = await estateOn(server());
      const values = [
        estate.current,
        changed(estate.current, { password: "wrong" }),
        changed(estate.current, { port: 1 }),
      ];
      for (const value of values) {
        const told = JSON.stringify(await strategy.preflight(rotationOf(estate), value));
        expect(told).not.toContain(estate.base);
        expect(told).not.toContain("marked");
        expect(told).not.toContain("127.0.0.1");
      }
    });
  });

  test("a session that a pooler has reset still acts as the base role", async () => {
    const estate = await estateOn(server());
    await asValue(estate, estate.current, ({ query }) => query("CREATE TABLE pooled (id int)"));
    const second = await rotated(strategy, estate);
    await asValue(estate, second, async ({ query }) => {
      await query("RESET ROLE");
      expect(await query("SELECT current_user AS acts")).toEqual([{ acts: estate.base }]);
      await query("DISCARD ALL");
      await query("INSERT INTO pooled VALUES (1)");
      expect(await query("SELECT current_user AS acts")).toEqual([{ acts: estate.base }]);
    });
  });
});
