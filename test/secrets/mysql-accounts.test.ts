import { describe, expect, test } from "vitest";
import { definitionFrom, identifier, quoted, tokensOf } from "../../shared/secrets/databases/mysql-account.ts";
import { alignment, differences, grantsFrom, isSame } from "../../shared/secrets/databases/mysql-grants.ts";

const stars = (digit: string) => `*${digit.repeat(40)}`;

describe("what SHOW CREATE USER prints", () => {
  test("of MariaDB: one password, and all that an account can have besides", () => {
    const printed = `CREATE USER \`a\`@\`%\` IDENTIFIED BY PASSWORD '${stars("A")}' REQUIRE ISSUER '/CN=a' SUBJECT '/CN=it''s' CIPHER 'X' WITH MAX_QUERIES_PER_HOUR 10 MAX_STATEMENT_TIME 1.500000 PASSWORD EXPIRE INTERVAL 90 DAY ACCOUNT LOCK`;
    expect(definitionFrom(printed)).toEqual({
      methods: [{ plugin: "mysql_native_password", hash: stars("A") }],
      require: "ISSUER '/CN=a' SUBJECT '/CN=it''s' CIPHER 'X'",
      limits: { MAX_QUERIES_PER_HOUR: "10", MAX_STATEMENT_TIME: "1.500000" },
      expiry: "INTERVAL 90 DAY",
      isLocked: true,
      defaultRoles: [],
    });
  });

  test("of MariaDB: two passwords, and another method", () => {
    const native = (digit: string) => `mysql_native_password USING '${stars(digit)}'`;
    const printed = `CREATE USER \`a\`@\`%\` IDENTIFIED VIA ${native("A")} OR ${native("B")} OR unix_socket`;
    expect(definitionFrom(printed).methods).toEqual([
      { plugin: "mysql_native_password", hash: stars("A") },
      { plugin: "mysql_native_password", hash: stars("B") },
      { plugin: "unix_socket", hash: "" },
    ]);
  });

  // As the manual of MySQL 8.4 prints it; no MySQL server was asked.
  test("of MySQL: the hash in hexadecimal digits, default roles, and rules for passwords that are none of ours", () => {
    const printed =
      "CREATE USER `a`@`10.%` IDENTIFIED WITH 'caching_sha2_password' AS 0x2441243030352461 DEFAULT ROLE `r`@`%`,`s`@`%` REQUIRE X509 WITH MAX_USER_CONNECTIONS 3 PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT FAILED_LOGIN_ATTEMPTS 3 ATTRIBUTE '{\"a\": \"b\"}'";
    expect(definitionFrom(printed)).toEqual({
      methods: [{ plugin: "caching_sha2_password", hash: "0x2441243030352461" }],
      require: "X509",
      limits: { MAX_USER_CONNECTIONS: "3" },
      expiry: "DEFAULT",
      isLocked: false,
      defaultRoles: ["`r`@`%`", "`s`@`%`"],
    });
  });

  test("an account that has nothing requires nothing", () => {
    expect(definitionFrom("CREATE USER `a`@`%`")).toMatchObject({ methods: [], require: "NONE", expiry: null });
  });
});

test("names are quoted so that nothing in them ends the quotes", () => {
  expect(quoted({ user: "a`b'c\\", host: "%" })).toBe("`a``b'c\\`@`%`");
  expect(tokensOf(identifier("a`b"))).toEqual([{ text: "a`b", quote: "`" }]);
});

describe("grants", () => {
  const account = { user: "b", host: "%" };
  const of = (name: string, ...lines: string[]) =>
    grantsFrom(lines.map((line) => line.replaceAll("ME", `\`${name}\`@\`%\``)));

  test("are the same whatever the order of privileges and columns, and whatever password and limits are printed", () => {
    const one = of(
      "a",
      `GRANT SELECT, PROCESS ON *.* TO ME IDENTIFIED BY PASSWORD '${stars("A")}' REQUIRE SSL`,
      "GRANT SELECT (`a`, `b`) ON `d`.`t` TO ME",
    );
    const other = of(
      "b",
      "GRANT SELECT (`b`, `a`) ON `d`.`t` TO ME",
      "GRANT PROCESS, SELECT ON *.* TO ME WITH MAX_QUERIES_PER_HOUR 3",
    );
    expect(isSame(one, other)).toBe(true);
    expect(alignment(account, other, one, true)).toEqual([]);
  });

  test("of roles that are enabled are the roles' own", () => {
    const one = of("a", "GRANT USAGE ON *.* TO ME", "GRANT `r` TO ME", "GRANT SELECT ON `d`.* TO `r`");
    expect([...one.privileges]).toEqual([]);
    expect([...one.roles]).toEqual([["`r`", false]]);
  });

  test("words inside of names are no words", () => {
    const one = of("a", "GRANT SELECT ON `x TO y ON z`.`WITH GRANT OPTION` TO ME");
    expect([...one.privileges.keys()]).toEqual(["`x TO y ON z`.`WITH GRANT OPTION`"]);
    expect([...(one.privileges.values().next().value ?? [])]).toEqual(["SELECT"]);
  });

  test("of MySQL that are partly revoked are seen, and not understood", () => {
    expect(of("a", "GRANT SELECT ON *.* TO ME", "REVOKE SELECT ON `d`.* FROM ME").unread).toBe(1);
  });

  test("are aligned: what is too much is taken, then what is missing is given", () => {
    const wanted = of(
      "a",
      "GRANT SELECT, INSERT ON `d`.* TO ME WITH GRANT OPTION",
      "GRANT EXECUTE ON PROCEDURE `d`.`p` TO ME",
      "GRANT `r` TO ME WITH ADMIN OPTION",
      "SET DEFAULT ROLE `r` FOR ME",
    );
    const before = of(
      "b",
      "GRANT ALL PRIVILEGES ON `d`.* TO ME",
      "GRANT DELETE ON `e`.* TO ME WITH GRANT OPTION",
      "GRANT `s` TO ME",
    );
    expect(alignment(account, before, wanted, true)).toEqual([
      "REVOKE ALL PRIVILEGES ON `d`.* FROM `b`@`%`",
      "REVOKE DELETE ON `e`.* FROM `b`@`%`",
      "REVOKE GRANT OPTION ON `e`.* FROM `b`@`%`",
      "REVOKE `s` FROM `b`@`%`",
      "GRANT SELECT, INSERT ON `d`.* TO `b`@`%` WITH GRANT OPTION",
      "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `b`@`%`",
      "GRANT `r` TO `b`@`%` WITH ADMIN OPTION",
      "SET DEFAULT ROLE `r` FOR `b`@`%`",
    ]);
    expect(differences(before, wanted)).toEqual([
      "ALL PRIVILEGES ON `d`.*",
      "DELETE ON `e`.*",
      "GRANT OPTION ON `e`.*",
      "role `s`",
    ]);
  });

  test("of MySQL name a role with its host, and its default roles are the account's", () => {
    const wanted = { ...of("a", "GRANT `r`@`%` TO ME"), defaultRoles: ["`r`@`%`"] };
    expect(alignment(account, of("b"), wanted, false)).toEqual([
      "GRANT `r`@`%` TO `b`@`%`",
      "ALTER USER `b`@`%` DEFAULT ROLE `r`@`%`",
    ]);
  });
});
