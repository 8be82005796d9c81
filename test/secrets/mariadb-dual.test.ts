import { describe, expect, test } from "vitest";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import { nativeHash } from "../../shared/secrets/databases/mysql-hash.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { strategy } from "../../shared/secrets/strategies/mariadb-dual/strategy.ts";
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

describe.skipIf(withoutMariaDb("mariadb-dual"))("mariadb-dual on a MariaDB server", () => {
  let server: MariaDb;
  let root: Session;
  let rotation: Rotation;

  runningMariaDb(async (...started) => {
    [server, root] = started;
    await root.query("CREATE USER helper@'%' IDENTIFIED BY 'helps'");
    await root.query("GRANT CREATE USER ON *.* TO helper@'%'");
    const helper = { ...server.root, user: "helper", password: "helps" };
    rotation = rotationOf(outsideWith({ mysql: connectMysql }, { text: textOf("mariadb", helper) }));
  });

  const user = (attributes = "", more?: Record<string, unknown>) =>
    newUser(root, server.root, more === undefined ? { attributes } : { attributes, more });

  async function printed(name: string): Promise<string> {
    const [row = {}] = await root.query(`SHOW CREATE USER ${name}@'%'`);
    return String(Object.values(row)[0]);
  }

  const hashes = async (name: string) => (await printed(name)).match(/\*[0-9A-F]{40}/g) ?? [];
  const login = (value: Value) => strategy.login(rotation, value);

  test("rotates three times: both passwords work until the old one is retired, then only the new one", async () => {
    const { name, current: first } = await user();
    let current = first;
    let previous: Value | null = null;
    for (let round = 0; round < 3; round++) {
      const pending = await promoted(strategy, rotation, current, previous);
      expect(await login(current)).toBeNull();
      expect(await login(pending)).toBeNull();
      expect(await hashes(name)).toEqual([nativeHash(passwordOf(pending)), nativeHash(passwordOf(current))]);
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(await login(current)).toMatchObject({ failed: "authentication" });
      expect(await login(pending)).toBeNull();
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      [previous, current] = [current, pending];
    }
  });

  test("leaves what else the account has: TLS, limits, expiry", async () => {
    const kept = "REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 1000 MAX_USER_CONNECTIONS 7 PASSWORD EXPIRE INTERVAL 90 DAY";
    const { name, current } = await user(kept);
    const pending = await promoted(strategy, rotation, current, null);
    expect(await printed(name)).toContain(kept);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    expect(await printed(name)).toContain(kept);
  });

  test("works without an administrator where the user may change users, and says so where it may not", async () => {
    const able = await user("", {});
    await root.query(`GRANT CREATE USER ON *.* TO ${able.name}@'%'`);
    const pending = await promoted(strategy, rotation, able.current, null);
    expect(await strategy.retire(rotation, able.current, pending)).toBeNull();
    expect(await login(able.current)).toMatchObject({ failed: "authentication" });
    const unable = await user("", {});
    const all = {
      current: unable.current,
      pending: versionOf(textOf("mariadb", { ...unable.target, password: "new" })),
      previous: null,
    };
    expect(await strategy.set(rotation, all)).toMatchObject({ failed: "privilege" });
  });

  test("an abandoned password is taken away, and the current one stays", async () => {
    const { name, current } = await user();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.abandon(rotation, null, current)).toBeNull();
    expect(await hashes(name)).toEqual([nativeHash(passwordOf(current))]);
  });

  test("neither set nor retire harms a version that holds the same password", async () => {
    const { name, current } = await user();
    expect(await strategy.retire(rotation, current, current)).toBeNull();
    expect(await strategy.abandon(rotation, current, current)).toBeNull();
    expect(await hashes(name)).toEqual([nativeHash(passwordOf(current))]);
  });

  test("a password that an abandoned rotation left is gone after setSecret: never more than two", async () => {
    const { name, current } = await user();
    await promoted(strategy, rotation, current, null);
    const pending = await promoted(strategy, rotation, current, null);
    expect(await hashes(name)).toEqual([nativeHash(passwordOf(pending)), nativeHash(passwordOf(current))]);
  });

  test("SET PASSWORD by hand meanwhile replaces one of two: what is current works on, and retire leaves it alone", async () => {
    const { name, target, current } = await user();
    const pending = await promoted(strategy, rotation, current, null);
    await root.query(`SET PASSWORD FOR ${name}@'%' = '${nativeHash("by hand")}'`);
    expect(await hashes(name)).toEqual([nativeHash("by hand"), nativeHash(target.password)]);
    expect(await login(pending)).toMatchObject({ failed: "authentication" });
    expect(await strategy.set(rotation, { current, pending, previous: null })).toBeNull();
    expect(await hashes(name)).toEqual([nativeHash(passwordOf(pending)), nativeHash(target.password)]);
  });

  test("twenty logins with the old password do not use up max_password_errors", async () => {
    const { current } = await user();
    await promoted(strategy, rotation, current, null);
    await root.query("SET GLOBAL max_password_errors = 3");
    try {
      for (let attempt = 0; attempt < 20; attempt++) expect(await login(current)).toBeNull();
    } finally {
      await root.query("SET GLOBAL max_password_errors = 4294967295");
    }
  });

  test("no administrator is used while the current password is refused", async () => {
    const { name, target } = await user();
    const before = server.log().split("helper@").length;
    const wrong = versionOf(textOf("mariadb", { ...target, password: "wrong" }, { masterarn: administratorArn }));
    const made = await strategy.create(rotation, wrong);
    const pending = versionOf("text" in made ? made.text : "");
    const all = { current: wrong, pending, previous: null };
    expect(await strategy.set(rotation, all)).toMatchObject({ failed: "authentication" });
    expect(server.log().split("helper@").length).toBe(before);
    expect(await hashes(name)).toEqual([nativeHash(target.password)]);
  });

  test("an account with another way in is left alone", async () => {
    const { name, current } = await user();
    const [hash] = await hashes(name);
    await root.query(`ALTER USER ${name}@'%' IDENTIFIED VIA mysql_native_password USING '${hash}' OR unix_socket`);
    await expect(promoted(strategy, rotation, current, null)).rejects.toThrow('"failed":"policy"');
    expect(await strategy.preflight(rotation, current)).toContainEqual(
      expect.objectContaining({ what: "account", failure: expect.objectContaining({ failed: "policy" }) }),
    );
  });

  test("no password of a rotation is in the general log", async () => {
    const { current } = await user();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    const log = server.log();
    expect(log).toContain(nativeHash(passwordOf(pending)));
    for (const value of [current, pending]) expect(log).not.toContain(passwordOf(value));
  });

  test("preflight finds nothing wrong, and asks with SELECT and SHOW alone", async () => {
    const { current } = await user();
    const before = server.log().length;
    const checks = await strategy.preflight(rotation, current);
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(checks.map(({ what }) => what)).toEqual([
      "login",
      "server",
      "account",
      "lent secret",
      "administrator",
      "privileges",
      "rules for passwords",
      "host",
    ]);
    const statements = [
      ...server
        .log()
        .slice(before)
        .matchAll(/\t *\d+ (?:Query|Execute)\t([^\n]*)/g),
    ].map(([, text]) => text);
    expect(statements.length).toBeGreaterThan(6);
    expect(statements.filter((each) => !/^(SELECT|SHOW) /.test(each ?? ""))).toEqual([]);
  });

  test("preflight says which privilege is missing, and that a plugin's rules forbid hashes", async () => {
    const unable = await user("", {});
    expect(await strategy.preflight(rotation, unable.current)).toContainEqual(
      expect.objectContaining({ what: "privileges", failure: expect.objectContaining({ failed: "privilege" }) }),
    );
    await root.query("INSTALL SONAME 'simple_password_check'");
    try {
      const { current } = unable;
      expect(await strategy.preflight(rotation, current)).toContainEqual(
        expect.objectContaining({
          what: "rules for passwords",
          failure: expect.objectContaining({ failed: "policy" }),
        }),
      );
    } finally {
      await root.query("UNINSTALL SONAME 'simple_password_check'");
    }
  });

  describe.each(["before", "after"] as const)("cut off %s each call", (when) => {
    test("and repeated, set and retire come to the same end; the current password works throughout", async () => {
      const { name, current } = await user();
      const made = await strategy.create(rotation, current);
      const pending = versionOf("text" in made ? made.text : "");
      const all = { current, pending, previous: null };
      const cuts = await everyCut(rotation, when, async (cut) => {
        await strategy.abandon(rotation, pending, current);
        await expect(strategy.set(cut, all)).rejects.toThrow(Cut);
        expect(await login(current)).toBeNull();
        expect((await hashes(name)).length).toBeLessThanOrEqual(2);
        expect(await strategy.set(rotation, all)).toBeNull();
        expect(await strategy.test(rotation, all)).toBeNull();
      });
      expect(cuts).toBeGreaterThan(4);
      const retirements = await everyCut(rotation, when, async (cut) => {
        await strategy.set(rotation, all);
        await expect(strategy.retire(cut, current, pending)).rejects.toThrow(Cut);
        expect(await login(pending)).toBeNull();
        expect(await strategy.retire(rotation, current, pending)).toBeNull();
        expect(await hashes(name)).toEqual([nativeHash(passwordOf(pending))]);
        await root.query(
          `ALTER USER ${name}@'%' IDENTIFIED VIA mysql_native_password USING '${nativeHash(passwordOf(current))}'`,
        );
      });
      expect(retirements).toBeGreaterThan(4);
    });
  });
});
