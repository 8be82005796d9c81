import { describe, expect, test } from "vitest";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { strategy as dual } from "../../shared/secrets/strategies/mariadb-dual/strategy.ts";
import { strategy } from "../../shared/secrets/strategies/mysql-single/strategy.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { Cut, everyCut } from "../databases/cut.ts";
import type { MariaDb } from "../databases/mariadb-server.ts";
import { newUser } from "../databases/mariadb-users.ts";
import { runningMariaDb, withoutMariaDb } from "../databases/on-mariadb.ts";
import {
  administratorArn,
  outsideWith,
  passwordOf,
  promoted,
  rotationOf,
  textOf,
  versionOf,
} from "../databases/secret.ts";

describe.skipIf(withoutMariaDb("mysql-single"))("mysql-single on a MariaDB server", () => {
  let server: MariaDb;
  let root: Session;
  let rotation: Rotation;

  runningMariaDb(async (...started) => {
    [server, root] = started;
    rotation = rotationOf(outsideWith({ mysql: connectMysql }, { text: textOf("mariadb", server.root) }));
  });

  const user = (more: Record<string, unknown>) => newUser(root, server.root, { attributes: "REQUIRE SSL", more });

  const login = (value: Value) => strategy.login(rotation, value);
  const owners: [string, Record<string, unknown>][] = [
    ["the user itself, who has no privilege", {}],
    ["the administrator", { masterarn: administratorArn }],
  ];

  test("says what it costs", () => {
    expect(strategy.cost).toContain("every new connection with the old password is refused");
  });

  test.each(owners)("rotates twice through %s; the old password is refused at once", async (_, more) => {
    const { current: first } = await user(more);
    let current = first;
    for (let round = 0; round < 2; round++) {
      const made = await strategy.create(rotation, current);
      const pending = versionOf("text" in made ? made.text : "");
      const all = { current, pending, previous: null };
      expect(await strategy.set(rotation, all)).toBeNull();
      expect(await strategy.set(rotation, all)).toBeNull();
      expect(await strategy.test(rotation, all)).toBeNull();
      expect(await login(current)).toMatchObject({ failed: "authentication" });
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(await login(pending)).toBeNull();
      for (const value of [current, pending]) expect(server.log()).not.toContain(passwordOf(value));
      current = pending;
    }
  });

  test.each(owners)("abandoned through %s, the current password is back", async (_, more) => {
    const { current } = await user(more);
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await login(current)).toBeNull();
    expect(await login(pending)).toMatchObject({ failed: "authentication" });
  });

  test("changes nothing where neither the current nor the pending password works", async () => {
    const { target } = await user({ masterarn: administratorArn });
    const wrong = versionOf(textOf("mariadb", { ...target, password: "wrong" }, { masterarn: administratorArn }));
    await expect(promoted(strategy, rotation, wrong, null)).rejects.toThrow('"failed":"authentication"');
    expect(await login(versionOf(textOf("mariadb", target)))).toBeNull();
  });

  test("a user with two passwords does not change its own: SET PASSWORD would leave one alive", async () => {
    const { current } = await user({ masterarn: administratorArn });
    const second = await promoted(dual, rotation, current, null);
    const alone = versionOf(second.text.replace(/,"masterarn":"[^"]*"/, ""));
    await expect(promoted(strategy, rotation, alone, null)).rejects.toThrow('"failed":"malformed"');
    expect(await login(current)).toBeNull();
    expect(await strategy.retire(rotation, current, second)).toBeNull();
    expect(await login(current)).toMatchObject({ failed: "authentication" });
    expect(await login(second)).toBeNull();
  });

  test("preflight finds nothing wrong", async () => {
    for (const [, more] of owners) {
      const { current } = await user(more);
      const checks = await strategy.preflight(rotation, current);
      expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
    }
  });

  test.each(["before", "after"] as const)(
    "cut off %s each call and repeated it comes to the same end",
    async (when) => {
      for (const [, more] of owners) {
        const { current } = await user(more);
        const made = await strategy.create(rotation, current);
        const pending = versionOf("text" in made ? made.text : "");
        const all = { current, pending, previous: null };
        const cuts = await everyCut(rotation, when, async (cut) => {
          expect(await strategy.abandon(rotation, pending, current)).toBeNull();
          await expect(strategy.set(cut, all)).rejects.toThrow(Cut);
          expect(await strategy.set(rotation, all)).toBeNull();
          expect(await strategy.test(rotation, all)).toBeNull();
        });
        expect(cuts).toBeGreaterThan(4);
      }
    },
  );
});
