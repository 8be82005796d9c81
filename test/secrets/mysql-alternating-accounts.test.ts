import { describe, expect, test } from "vitest";
import { connectMysql } from "../../shared/secrets/databases/mysql.ts";
import type { Session } from "../../shared/secrets/outside.ts";
import { strategy } from "../../shared/secrets/strategies/mysql-alternating/strategy.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import type { MariaDb } from "../databases/mariadb-server.ts";
import { newUser } from "../databases/mariadb-users.ts";
import { runningMariaDb, withoutMariaDb } from "../databases/on-mariadb.ts";
import { administratorArn, outsideWith, promoted, rotationOf, textOf, userOf, versionOf } from "../databases/secret.ts";

describe.skipIf(withoutMariaDb("the names of mysql-alternating"))("mysql-alternating: whose account it is", () => {
  let server: MariaDb;
  let root: Session;
  let rotation: Rotation;

  runningMariaDb(async (...started) => {
    [server, root] = started;
    await root.query("CREATE DATABASE shop");
    rotation = rotationOf(outsideWith({ mysql: connectMysql }, { text: textOf("mariadb", server.root) }));
  });

  const login = (value: Value) => strategy.login(rotation, value);

  test.each(["127.%", "127.0.0.0/255.0.0.0"])("the clone is of the same host part: %s", async (host) => {
    const { name, current } = await newUser(root, server.root, { host });
    await promoted(strategy, rotation, current, null);
    const rows = await root.query("SELECT Host FROM mysql.global_priv WHERE User = ?", [`${name}_clone`]);
    expect(rows).toEqual([{ Host: host }]);
  });

  test.each(["a'b`c\\d", 'say "%" @ home', "with space", "ä-ö.ü"])("a user may be called %s", async (name) => {
    const { account, current } = await newUser(root, server.root, { name });
    await root.query(`GRANT SELECT ON shop.* TO ${account}`);
    const pending = await promoted(strategy, rotation, current, null);
    expect(userOf(pending)).toBe(`${name}_clone`);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    expect(await login(current)).toMatchObject({ failed: "authentication" });
    expect(await login(pending)).toBeNull();
  });

  test("a user of that name who may do more is somebody else, and is left alone", async () => {
    const { name, current } = await newUser(root, server.root);
    await root.query(`CREATE USER ${name}_clone@'%' IDENTIFIED BY 'of somebody else'`);
    await root.query(`GRANT DELETE ON shop.* TO ${name}_clone@'%'`);
    await expect(promoted(strategy, rotation, current, null)).rejects.toThrow('"failed":"policy"');
    const other = { ...server.root, user: `${name}_clone`, password: "of somebody else" };
    expect(await login(versionOf(textOf("mariadb", other)))).toBeNull();
  });

  test.each([
    ["mariadb", 74, true],
    ["mariadb", 75, false],
    ["mysql", 26, true],
    ["mysql", 27, false],
  ])("on %s a name of %i characters has room for its clone's: %s", async (engine, length, fits) => {
    const target = { ...server.root, user: "x".repeat(length) };
    const value = versionOf(textOf(engine, target, { masterarn: administratorArn }));
    const made = await strategy.create(rotation, value);
    expect("text" in made ? null : made.failed).toBe(fits ? null : "policy");
  });

  test("an administrator with the privileges that docs/rotation.md states, and no other, is enough", async () => {
    const { account, current } = await newUser(root, server.root);
    for (const statement of [
      "CREATE ROLE IF NOT EXISTS clerk",
      `GRANT SELECT, INSERT ON shop.* TO ${account} WITH GRANT OPTION`,
      `GRANT clerk TO ${account}`,
      `SET DEFAULT ROLE clerk FOR ${account}`,
      "CREATE USER least@'%' IDENTIFIED BY 'least'",
      "GRANT CREATE USER ON *.* TO least@'%'",
      "GRANT SELECT, UPDATE ON mysql.* TO least@'%'",
      "GRANT SELECT, INSERT ON shop.* TO least@'%' WITH GRANT OPTION",
      "GRANT clerk TO least@'%' WITH ADMIN OPTION",
    ]) {
      await root.query(statement);
    }
    const least = { ...server.root, user: "least", password: "least" };
    const own = rotationOf(outsideWith({ mysql: connectMysql }, { text: textOf("mariadb", least) }));
    expect((await strategy.preflight(own, current)).filter(({ failure }) => failure !== null)).toEqual([]);
    const pending = await promoted(strategy, own, current, null);
    expect(await strategy.retire(own, current, pending)).toBeNull();
    expect(await login(current)).toMatchObject({ failed: "authentication" });
    await root.query("REVOKE INSERT, GRANT OPTION ON shop.* FROM least@'%'");
    const { account: other, current: second } = await newUser(root, server.root);
    await root.query(`GRANT INSERT ON shop.* TO ${other}`);
    await expect(promoted(strategy, own, second, null)).rejects.toThrow('"failed":"privilege"');
    expect(await login(second)).toBeNull();
  });
});
