import { describe, expect, test } from "vitest";
import { strategy } from "../../shared/secrets/strategies/postgres-alternating/strategy.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import {
  as,
  asValue,
  changed,
  estateOn,
  letsIn,
  pendingOf,
  rotated,
  rotationOf,
  targetOfValue,
} from "./postgres-estate.ts";

const suite = "postgres-alternating";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();
  const superuser = (statement: string) => as(server().superuser, ({ query }) => query(statement));

  test("two users take turns, and whatever either of them makes the other reads, alters and drops", async () => {
    const estate = await estateOn(server());
    const { base, clone } = estate;
    await asValue(estate, estate.current, ({ query }) => query("CREATE TABLE made_by_first (id int)"));
    const second = await rotated(strategy, estate);
    expect(JSON.parse(second.text)).toMatchObject({ username: clone, host: "127.0.0.1", dbname: "postgres" });
    await asValue(estate, second, async ({ query }) => {
      expect(await query("SELECT session_user AS came, current_user AS acts")).toEqual([{ came: clone, acts: base }]);
      await query("INSERT INTO made_by_first VALUES (1)");
      await query("ALTER TABLE made_by_first ADD COLUMN name text");
      await query("CREATE TABLE made_by_second (id int)");
      await query("CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42'");
    });
    const third = await rotated(strategy, estate, second);
    expect(JSON.parse(third.text)).toMatchObject({ username: base });
    await asValue(estate, third, async ({ query }) => {
      await query("ALTER TABLE made_by_second ADD COLUMN name text");
      await query("CREATE TABLE made_by_third (id int)");
      await query("CREATE OR REPLACE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 43'");
    });
    const fourth = await rotated(strategy, estate, third);
    await asValue(estate, fourth, async ({ query }) => {
      for (const name of ["first", "second", "third"]) await query(`DROP TABLE made_by_${name}`);
      expect(await query("SELECT answer()")).toEqual([{ answer: 43 }]);
    });
    expect(JSON.parse(fourth.text)).toMatchObject({ username: clone });
  });

  test("while one gets its turn the other is let in, and stays connected", async () => {
    const estate = await estateOn(server());
    await asValue(estate, estate.current, async ({ query }) => {
      const second = await rotated(strategy, estate);
      expect(await letsIn(estate, estate.current)).toBe(true);
      expect(await strategy.retire(rotationOf(estate), estate.current, second)).toBeNull();
      expect(await letsIn(estate, estate.current)).toBe(false);
      expect(await query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });
  });

  test("no password that was ever made is in the server's log, which holds every statement", async () => {
    const estate = await estateOn(server());
    const second = await rotated(strategy, estate);
    const third = await rotated(strategy, estate, second);
    expect(await strategy.retire(rotationOf(estate), second, third)).toBeNull();
    await strategy.preflight(rotationOf(estate), third);
    const log = server().log();
    expect(log).toContain(`ALTER ROLE "${estate.clone}" PASSWORD 'SCRAM-SHA-256$4096:`);
    for (const value of [estate.current, second, third]) {
      expect(log).not.toContain(targetOfValue(estate, value).password);
    }
    expect(log).not.toContain(estate.administrator.password);
  });

  test("a clone behaves as its base role: settings, limits, end, memberships, attributes", async () => {
    const estate = await estateOn(server());
    const { base, clone } = estate;
    await superuser(`CREATE ROLE readers_of_${base}`);
    await superuser(`GRANT readers_of_${base} TO ${base}`);
    await superuser(`ALTER ROLE ${base} SET search_path = "$user", "with ""quotes, and more", ${base}`);
    await superuser(`ALTER ROLE ${base} SET statement_timeout = '7s'`);
    await superuser(`ALTER ROLE ${base} SET "app.motto" = 'it''s \\ so'`);
    await superuser(`GRANT SET ON PARAMETER app.motto TO ${estate.administrator.user}`);
    await superuser(`ALTER ROLE ${base} IN DATABASE postgres SET work_mem = '7MB'`);
    await superuser(`ALTER ROLE ${base} CONNECTION LIMIT 7 VALID UNTIL '2099-01-01' CREATEDB`);
    const question = `SELECT current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout,
      current_setting('app.motto') AS motto, current_setting('work_mem') AS memory,
      pg_has_role(current_user, 'readers_of_${base}', 'MEMBER') AS member,
      (SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user) AS creates,
      (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS limited,
      (SELECT rolvaliduntil::date::text FROM pg_roles WHERE rolname = session_user) AS until`;
    const reference = await asValue(estate, estate.current, ({ query }) => query(question));
    const second = await rotated(strategy, estate);
    expect(await asValue(estate, second, ({ query }) => query(question))).toEqual(reference);
    expect(reference[0]).toMatchObject({ motto: "it's \\ so", memory: "7MB", member: true, creates: true, limited: 7 });

    // What is taken from the base role is taken from the clone at its next turn, and what is added is added.
    await superuser(`ALTER ROLE ${base} RESET statement_timeout`);
    await superuser(`ALTER ROLE ${base} IN DATABASE postgres RESET ALL`);
    await superuser(`ALTER ROLE ${base} CONNECTION LIMIT 9 VALID UNTIL 'infinity'`);
    const third = await rotated(strategy, estate, second);
    const now = await asValue(estate, third, ({ query }) => query(question));
    const fourth = await rotated(strategy, estate, third);
    expect(await asValue(estate, fourth, ({ query }) => query(question))).toEqual(
      now.map((row) => ({ ...row, until: "infinity" })),
    );
    const [settings] = await superuser(`SELECT rolconfig FROM pg_roles WHERE rolname = '${clone}'`);
    expect(settings?.rolconfig).toContain(`role=${base}`);
  });

  test("a base role whose name needs quotes takes turns as any other", async () => {
    const estate = await estateOn(server());
    const name = 'The "App", näher';
    await as(estate.administrator, ({ query }) => query(`ALTER ROLE ${estate.base} RENAME TO "The ""App"", näher"`));
    estate.current = changed(estate.current, { username: name });
    const second = await rotated(strategy, estate);
    await asValue(estate, second, async ({ query }) => {
      expect(await query("SELECT current_user AS acts")).toEqual([{ acts: name }]);
    });
    expect(JSON.parse((await rotated(strategy, estate, second)).text)).toMatchObject({ username: name });
  });

  test("a name of 63 bytes is PostgreSQL's limit: a longer clone is refused, not cut off", async () => {
    const estate = await estateOn(server());
    const named = (username: string) => strategy.create(rotationOf(estate), changed(estate.current, { username }));
    expect(await named("a".repeat(57))).toHaveProperty("text");
    expect(await named("a".repeat(58))).toMatchObject({ failed: "policy" });
    expect(await named("ä".repeat(29))).toMatchObject({ failed: "policy" });
    expect(strategy.steps(rotationOf(estate), changed(estate.current, { username: "a".repeat(58) }))).toMatchObject({
      failed: "policy",
    });
  });

  test("set is not repeated for who is let in already: a second call changes nothing", async () => {
    const estate = await estateOn(server());
    const pending = await rotated(strategy, estate);
    const before = server().log().length;
    expect(await strategy.set(rotationOf(estate), { current: estate.current, pending, previous: null })).toBeNull();
    expect(server().log().slice(before)).not.toMatch(/ALTER|CREATE|GRANT/);
  });

  test("two that do the same at the same time come to the same end", async () => {
    const estate = await estateOn(server());
    const pending = await pendingOf(strategy, estate);
    const versions = { current: estate.current, pending, previous: null };
    const both = await Promise.all([1, 2, 3].map(() => strategy.set(rotationOf(estate), versions)));
    expect(both).toEqual([null, null, null]);
    expect(await strategy.test(rotationOf(estate), versions)).toBeNull();
  });
});
