import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cachingSha2Hash, isCachingSha2Of, newSalt } from "../../shared/secrets/databases/mysql-hash.ts";
import type { Target } from "../../shared/secrets/outside.ts";
import { strategy } from "../../shared/secrets/strategies/mysql-dual/strategy.ts";
import { Cut, everyCut } from "../databases/cut.ts";
import {
  administratorArn,
  outsideWith,
  passwordOf,
  promoted,
  rotationOf,
  textOf,
  versionOf,
} from "../databases/secret.ts";
import { toldMysql } from "../databases/told-mysql.ts";

// No MySQL server has been asked: these are the statements, held against what MySQL's manual says that they do.

function stored(password: string): string {
  const hash = cachingSha2Hash(
    password,
    newSalt((bytes) => randomBytes(bytes)),
  );
  return `0x${Buffer.from(hash, "latin1").toString("hex")}`;
}

function scene(version?: string) {
  const mysql = toldMysql(stored("first"), version);
  const tls = { mode: "disable", authorities: null, serverName: null } as const;
  const target: Target = { host: "db", port: 3306, user: "app", password: "first", database: null, tls, timeoutMs: 1 };
  const keeper = textOf("mysql", { ...target, user: "keeper", password: "k" });
  const rotation = rotationOf(outsideWith({ mysql: mysql.connect }, { text: keeper }));
  return { mysql, rotation, target, current: versionOf(textOf("mysql", target, { masterarn: administratorArn })) };
}

describe("mysql-dual, as MySQL's manual tells it", () => {
  test("retains the current password, and discards it when it is retired", async () => {
    const { mysql, rotation, current } = scene();
    const pending = await promoted(strategy, rotation, current, null);
    expect(isCachingSha2Of(mysql.first, passwordOf(pending))).toBe(true);
    expect(await strategy.login(rotation, current)).toBeNull();
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    expect(await strategy.login(rotation, current)).toMatchObject({ failed: "authentication" });
    expect(await strategy.login(rotation, pending)).toBeNull();
    expect(mysql.changes).toEqual([
      "ALTER USER `app`@`%` IDENTIFIED WITH caching_sha2_password AS 0x… RETAIN CURRENT PASSWORD",
      "ALTER USER `app`@`%` DISCARD OLD PASSWORD",
    ]);
  });

  test("never retains twice: the second time would throw the current password away", async () => {
    const { mysql, rotation, current } = scene();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.set(rotation, { current, pending, previous: null })).toBeNull();
    expect(mysql.changes).toHaveLength(1);
  });

  test("sets nothing while a password that is not ours is the first", async () => {
    const { mysql, rotation, current } = scene();
    await promoted(strategy, rotation, current, null);
    await expect(promoted(strategy, rotation, current, null)).rejects.toThrow('"failed":"policy"');
    expect(mysql.changes).toHaveLength(1);
    expect(await strategy.login(rotation, current)).toBeNull();
  });

  test("abandons by making the current password the first again", async () => {
    const { mysql, rotation, current } = scene();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.login(rotation, pending)).toMatchObject({ failed: "authentication" });
    expect(mysql.second).toBeNull();
    await promoted(strategy, rotation, current, null);
  });

  test.each(["before", "after"] as const)(
    "cut off %s each call and repeated it comes to the same end",
    async (when) => {
      const { mysql, rotation, current } = scene();
      const pending = versionOf(
        textOf("mysql", { ...scene().target, password: "second" }, { masterarn: administratorArn }),
      );
      const all = { current, pending, previous: null };
      const cuts = await everyCut(rotation, when, async (cut) => {
        expect(await strategy.abandon(rotation, pending, current)).toBeNull();
        await expect(strategy.set(cut, all)).rejects.toThrow(Cut);
        expect(await strategy.login(rotation, current)).toBeNull();
        expect(await strategy.set(rotation, all)).toBeNull();
        expect(await strategy.test(rotation, all)).toBeNull();
      });
      expect(cuts).toBe(7);
      const abandonments = await everyCut(rotation, when, async (cut) => {
        expect(await strategy.set(rotation, all)).toBeNull();
        await expect(strategy.abandon(cut, pending, current)).rejects.toThrow(Cut);
        expect(await strategy.login(rotation, current)).toBeNull();
        expect(await strategy.abandon(rotation, pending, current)).toBeNull();
        expect(await strategy.login(rotation, pending)).toMatchObject({ failed: "authentication" });
      });
      expect(abandonments).toBe(8);
      expect(isCachingSha2Of(mysql.first, "first")).toBe(true);
    },
  );

  test("preflight finds nothing wrong on MySQL 8.4, and says that MariaDB and MySQL 8.0.13 cannot", async () => {
    const { rotation, current } = scene();
    expect((await strategy.preflight(rotation, current)).filter(({ failure }) => failure !== null)).toEqual([]);
    for (const version of ["8.0.13", "10.11.6-MariaDB"]) {
      const other = scene(version);
      expect(await strategy.preflight(other.rotation, other.current)).toContainEqual(
        expect.objectContaining({ what: "account", failure: expect.objectContaining({ failed: "policy" }) }),
      );
      await expect(promoted(strategy, other.rotation, other.current, null)).rejects.toThrow('"failed":"policy"');
    }
  });

  test("a secret without an administrator is refused before anything is made", async () => {
    const { rotation, target } = scene();
    expect(await strategy.create(rotation, versionOf(textOf("mysql", target)))).toMatchObject({ failed: "malformed" });
  });
});
