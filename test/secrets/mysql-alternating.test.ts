import { describe, expect, test } from "vitest";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import { nativeHash } from "../../shared/secrets/databases/mysql-hash.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { strategy } from "../../shared/secrets/strategies/mysql-alternating/strategy.ts";
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
  userOf,
  versionOf,
} from "../databases/secret.ts";

describe.skipIf(withoutMariaDb("mysql-alternating"))("mysql-alternating on a MariaDB server", () => {
  let server: MariaDb;
  let root: Session;
  let rotation: Rotation;

  runningMariaDb(async (...started) => {
    [server, root] = started;
    for (const statement of [
      "CREATE DATABASE shop",
      "CREATE TABLE shop.orders (id INT, price INT)",
      "CREATE PROCEDURE shop.count_orders() SELECT COUNT(*) FROM shop.orders",
      "CREATE ROLE reader",
      "GRANT SELECT ON shop.* TO reader",
      "CREATE ROLE writer",
    ]) {
      await root.query(statement);
    }
    rotation = rotationOf(outsideWith({ mysql: connectMysql }, { text: textOf("mariadb", server.root) }));
  });

  const user = (attributes = "") => newUser(root, server.root, { attributes });

  async function granted(account: string): Promise<string[]> {
    const rows = await root.query(`SHOW GRANTS FOR ${account}`);
    const lines = rows.map((row) => String(Object.values(row)[0]).replace(/ IDENTIFIED BY PASSWORD '[^']*'/, ""));
    // MariaDB prints columns in no order.
    const inOrder = (columns: string) => columns.split(", ").toSorted().join(", ");
    return lines.map((line) => line.replaceAll("_clone", "").replace(/(?<=\()[^)]*(?=\))/g, inOrder)).toSorted();
  }

  const login = (value: Value) => strategy.login(rotation, value);

  test("rotates four times between the user and its clone, who may do the same each time", async () => {
    const limits =
      "REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 5000 MAX_STATEMENT_TIME 30.000000 PASSWORD EXPIRE INTERVAL 120 DAY";
    const { name, account, current: first } = await user(limits);
    for (const grant of [
      `GRANT SELECT, INSERT ON shop.* TO ${account} WITH GRANT OPTION`,
      `GRANT UPDATE (price), SELECT (price, id) ON shop.orders TO ${account}`,
      `GRANT EXECUTE ON PROCEDURE shop.count_orders TO ${account}`,
      `GRANT CREATE TEMPORARY TABLES ON \`sh\\_p\`.* TO ${account}`,
      `GRANT PROCESS ON *.* TO ${account}`,
      `GRANT reader TO ${account}`,
      `GRANT writer TO ${account} WITH ADMIN OPTION`,
      `SET DEFAULT ROLE reader FOR ${account}`,
    ]) {
      await root.query(grant);
    }
    const clone = `\`${name}_clone\`@\`%\``;
    let current = first;
    let previous: Value | null = null;
    for (let round = 0; round < 4; round++) {
      const pending = await promoted(strategy, rotation, current, previous);
      expect(userOf(pending)).toBe(round % 2 === 0 ? `${name}_clone` : name);
      expect(await granted(clone)).toEqual(await granted(account));
      expect(await login(current)).toBeNull();
      expect(await login(pending)).toBeNull();
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(await login(current)).toMatchObject({ failed: "authentication" });
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(await login(pending)).toBeNull();
      [previous, current] = [current, pending];
    }
    const [row = {}] = await root.query(`SHOW CREATE USER ${clone}`);
    expect(String(Object.values(row)[0])).toContain(limits);
  });

  test("what was granted, revoked or limited meanwhile is copied at the next rotation", async () => {
    const { name, account, current } = await user();
    const clone = `\`${name}_clone\`@\`%\``;
    await root.query(`GRANT ALL PRIVILEGES ON shop.* TO ${account} WITH GRANT OPTION`);
    await root.query(`GRANT reader TO ${account}`);
    await root.query(`SET DEFAULT ROLE reader FOR ${account}`);
    const second = await promoted(strategy, rotation, current, null);
    expect(await strategy.retire(rotation, current, second)).toBeNull();
    // From now on the clone is the original.
    await root.query(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${clone}`);
    await root.query(`GRANT SELECT ON shop.* TO ${clone}`);
    await root.query(`GRANT writer TO ${clone}`);
    await root.query(`ALTER USER ${clone} REQUIRE SSL WITH MAX_USER_CONNECTIONS 9`);
    const third = await promoted(strategy, rotation, second, current);
    expect(userOf(third)).toBe(name);
    expect(await granted(account)).toEqual(await granted(clone));
    expect((await granted(account)).join("\n")).toContain("MAX_USER_CONNECTIONS 9");
  });

  test("testSecret finds what the new user lacks, and what it may do too much", async () => {
    const { name, account, current } = await user();
    await root.query(`GRANT SELECT, INSERT ON shop.* TO ${account}`);
    const pending = await promoted(strategy, rotation, current, null);
    await root.query(`REVOKE INSERT ON shop.* FROM \`${name}_clone\`@\`%\``);
    await root.query(`GRANT DELETE ON shop.* TO \`${name}_clone\`@\`%\``);
    const problem = await strategy.test(rotation, { current, pending, previous: null });
    expect(problem).toMatchObject({ failed: "privilege" });
    expect(problem?.message).toContain("it lacks 1 grants; it has 1 more");
  });

  test("a view that the user has defined works on after it is retired", async () => {
    const { account, current } = await user();
    await root.query(`GRANT SELECT ON shop.orders TO ${account}`);
    await root.query(`CREATE DEFINER = ${account} VIEW shop.all_orders AS SELECT id FROM shop.orders`);
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    expect(await root.query("SELECT * FROM shop.all_orders")).toEqual([]);
  });

  test("an abandoned user is shut out, and the current one works on", async () => {
    const { current } = await user();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await strategy.abandon(rotation, pending, current)).toBeNull();
    expect(await login(pending)).toMatchObject({ failed: "authentication" });
    expect(await login(current)).toBeNull();
    await promoted(strategy, rotation, current, null);
  });

  test("the user that is current is never shut out", async () => {
    const { target, current } = await user();
    const same = versionOf(textOf("mariadb", { ...target, password: "older" }, { masterarn: administratorArn }));
    expect(await strategy.retire(rotation, same, current)).toMatchObject({ failed: "malformed" });
    expect(await login(current)).toBeNull();
  });

  test("an administrator for another host is not used, and one that is missing is said", async () => {
    const { target, current } = await user();
    const elsewhere = textOf("mariadb", { ...server.root, host: "elsewhere.example" });
    const other = rotationOf(outsideWith({ mysql: connectMysql }, { text: elsewhere }));
    await expect(promoted(strategy, other, current, null)).rejects.toThrow('"failed":"policy"');
    expect(await strategy.create(rotation, versionOf(textOf("mariadb", target)))).toMatchObject({
      failed: "malformed",
    });
  });

  test("no password of a rotation is in the general log", async () => {
    const { current } = await user();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    for (const value of [current, pending]) expect(server.log()).not.toContain(passwordOf(value));
    expect(server.log()).toContain(nativeHash(passwordOf(pending)));
  });

  test("preflight finds nothing wrong, and asks with SELECT and SHOW alone", async () => {
    const { current } = await user();
    const before = server.log().length;
    const checks = await strategy.preflight(rotation, current);
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
    const asked = [
      ...server
        .log()
        .slice(before)
        .matchAll(/\t *\d+ (?:Query|Execute)\t([^\n]*)/g),
    ];
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.filter(([, text = ""]) => !/^(SELECT|SHOW) /.test(text))).toEqual([]);
  });

  test.each(["before", "after"] as const)(
    "cut off %s each call and repeated it comes to the same end",
    async (when) => {
      const { name, account, current } = await user();
      await root.query(`GRANT SELECT, INSERT ON shop.* TO ${account}`);
      await root.query(`GRANT reader TO ${account}`);
      const made = await strategy.create(rotation, current);
      const pending = versionOf("text" in made ? made.text : "");
      const all = { current, pending, previous: null };
      const cuts = await everyCut(rotation, when, async (cut) => {
        await root.query(`DROP USER IF EXISTS ${name}_clone@'%'`);
        await expect(strategy.set(cut, all)).rejects.toThrow(Cut);
        expect(await login(current)).toBeNull();
        expect(await strategy.set(rotation, all)).toBeNull();
        expect(await strategy.test(rotation, all)).toBeNull();
      });
      expect(cuts).toBeGreaterThan(10);
      const retirements = await everyCut(rotation, when, async (cut) => {
        await root.query(
          `ALTER USER ${account} IDENTIFIED VIA mysql_native_password USING '${nativeHash(passwordOf(current))}'`,
        );
        await expect(strategy.retire(cut, current, pending)).rejects.toThrow(Cut);
        expect(await login(pending)).toBeNull();
        expect(await strategy.retire(rotation, current, pending)).toBeNull();
        expect(await login(current)).toMatchObject({ failed: "authentication" });
      });
      expect(retirements).toBeGreaterThan(8);
    },
  );
});
