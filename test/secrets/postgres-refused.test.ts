import { describe, expect, test } from "vitest";
import type { Failure } from "../../shared/secrets/failure.ts";
import { strategy } from "../../shared/secrets/strategies/postgres-alternating/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import {
  as,
  asValue,
  changed,
  type Estate,
  estateOn,
  letsIn,
  pendingOf,
  rotated,
  rotationOf,
} from "./postgres-estate.ts";

// What keeps a turn from being given. Each time: what the failure says, and that nobody lost anything.

const suite = "postgres-alternating refuses";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();
  const superuser = (statement: string) => as(server().superuser, ({ query }) => query(statement));

  /** setSecret; and afterwards nothing but what was there may be let in. */
  async function refusal(estate: Estate, current: Value, pending?: Value): Promise<Failure | null> {
    const made = pending ?? (await pendingOf(strategy, estate, current));
    const failure = await strategy.set(rotationOf(estate), { current, pending: made, previous: null });
    expect(await letsIn(estate, estate.current)).toBe(true);
    expect(await letsIn(estate, made)).toBe(false);
    return failure;
  }

  const entries = (user: string) => server().log().split(`connection authorized: user=${user} `).length - 1;

  test("whoever writes a password that is not the user's: the administrator is not even asked", async () => {
    const estate = await estateOn(server());
    const before = entries(estate.administrator.user);
    const forged = changed(estate.current, { password: "guessed" });
    expect(await refusal(estate, forged)).toMatchObject({ failed: "authentication" });
    expect(entries(estate.administrator.user)).toBe(before);
  });

  test("a pending credential of another user, or of another server", async () => {
    const estate = await estateOn(server());
    const pending = await pendingOf(strategy, estate);
    const before = server().log().length;
    for (const fields of [{ username: estate.administrator.user }, { host: "localhost" }, { port: 1 }]) {
      const forged = changed(pending, fields);
      const versions = { current: estate.current, pending: forged, previous: null };
      expect(await strategy.set(rotationOf(estate), versions)).toMatchObject({ failed: "policy" });
      expect(await strategy.test(rotationOf(estate), versions)).toMatchObject({ failed: "policy" });
    }
    expect(server().log().slice(before)).toBe("");
  });

  test("an administrator's secret that is for another host", async () => {
    const estate = await estateOn(server());
    Object.assign(estate.lent, changed(estate.lent, { host: "other.internal" }));
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "policy" });
  });

  test("an administrator who may create no roles", async () => {
    const estate = await estateOn(server());
    await superuser(`ALTER ROLE ${estate.administrator.user} NOCREATEROLE`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "privilege" });
  });

  const administersAll = "before PostgreSQL 16 whoever may create roles may change them all";
  const version = async () => {
    const [row] = await superuser("SELECT current_setting('server_version_num')::int AS version");
    return Number(row?.version);
  };

  test("an administrator with CREATEROLE who has the base role without ADMIN OPTION, as an RDS master may", async (context) => {
    context.skip((await version()) < 160_000, administersAll);
    const estate = await estateOn(server());
    await superuser(`REVOKE ADMIN OPTION FOR ${estate.base} FROM ${estate.administrator.user}`);
    const failure = await refusal(estate, estate.current);
    expect(failure).toMatchObject({ failed: "privilege" });
    expect(failure?.message).toContain("ADMIN OPTION");
    const checks = await strategy.preflight(rotationOf(estate), estate.current);
    expect(checks.find(({ what }) => what === "privileges")?.failure).toEqual(failure);
  });

  test("a clone that somebody else made, without ADMIN OPTION on it", async (context) => {
    context.skip((await version()) < 160_000, administersAll);
    const estate = await estateOn(server());
    await superuser(`CREATE ROLE ${estate.clone} LOGIN`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "privilege" });
    await superuser(`GRANT ${estate.clone} TO ${estate.administrator.user} WITH ADMIN OPTION`);
    expect(await letsIn(estate, await rotated(strategy, estate))).toBe(true);
  });

  test("superusers, on either side", async () => {
    const estate = await estateOn(server());
    await superuser(`ALTER ROLE ${estate.base} SUPERUSER`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "policy" });
    await superuser(`ALTER ROLE ${estate.base} NOSUPERUSER`);
    await superuser(`CREATE ROLE ${estate.clone} SUPERUSER`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "policy" });
  });

  test("what only a superuser can give: REPLICATION, and settings of a superuser's", async (context) => {
    const estate = await estateOn(server());
    await superuser(`ALTER ROLE ${estate.base} REPLICATION`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "privilege" });
    await superuser(`ALTER ROLE ${estate.administrator.user} REPLICATION`);
    const isGiven = (await version()) >= 160_000;
    if (!isGiven) expect(await refusal(estate, estate.current)).toMatchObject({ failed: "privilege" });
    context.skip(!isGiven, "before PostgreSQL 16 only a superuser gives REPLICATION");
    await superuser(`ALTER ROLE ${estate.base} SET log_min_duration_statement = 77`);
    expect(await refusal(estate, estate.current)).toMatchObject({ failed: "privilege" });
    await superuser(`GRANT SET ON PARAMETER log_min_duration_statement TO ${estate.administrator.user}`);
    expect(await letsIn(estate, await rotated(strategy, estate))).toBe(true);
    const [clone] = await superuser(`SELECT rolreplication FROM pg_roles WHERE rolname = '${estate.clone}'`);
    expect(clone).toEqual({ rolreplication: true });
  });

  test.each([
    ["an authority that did not sign it", { sslrootcert: undefined }, "tls"],
    ["a name that the certificate has not", { sslservername: "elsewhere.internal" }, "tls"],
    ["a host that does not exist", { host: "nobody.invalid" }, "network"],
    ["a port where nobody listens", { port: 1 }, "network"],
    ["a database that is not there", { dbname: "nowhere" }, "malformed"],
    ["another engine", { engine: "mysql" }, "malformed"],
    ["a user with a zero character", { username: "app\0database\0other" }, "malformed"],
    ["no administrator", { masterarn: undefined }, "malformed"],
  ])("%s", async (_, fields, failed) => {
    const estate = await estateOn(server());
    const current = changed(estate.current, fields);
    const pending = changed(estate.current, { ...fields, username: estate.clone, password: "never" });
    expect(await refusal(estate, current, pending)).toMatchObject({ failed });
    const checks = await strategy.preflight(rotationOf(estate), current);
    expect(checks.map(({ failure }) => failure?.failed).filter((reason) => reason !== undefined)).toEqual([failed]);
  });

  test("a user whom the rules of access bar: that is no wrong password", async () => {
    const estate = await estateOn(server());
    await superuser("CREATE ROLE barred LOGIN");
    const current = changed(estate.current, { username: "barred" });
    expect(await strategy.login(rotationOf(estate), current)).toMatchObject({ failed: "policy" });
  });

  describe("testSecret", () => {
    const tested = (estate: Estate, current: Value, pending: Value) =>
      strategy.test(rotationOf(estate), { current, pending, previous: null });

    test("a clone that does not act as its base role, has other settings, or another limit", async () => {
      const estate = await estateOn(server());
      const second = await rotated(strategy, estate);
      for (const [harm, mend] of [
        ["RESET role", `SET role = ${estate.base}`],
        ["SET work_mem = '3MB'", "RESET work_mem"],
        ["CONNECTION LIMIT 3", "CONNECTION LIMIT -1"],
        ["VALID UNTIL '2099-01-01'", "VALID UNTIL 'infinity'"],
      ]) {
        await superuser(`ALTER ROLE ${estate.clone} ${harm}`);
        expect(await tested(estate, estate.current, second)).toMatchObject({ failed: "privilege" });
        await superuser(`ALTER ROLE ${estate.clone} ${mend}`);
        expect(await tested(estate, estate.current, second)).toBeNull();
      }
    });

    test("a credential that is not let in", async () => {
      const estate = await estateOn(server());
      const pending = await pendingOf(strategy, estate);
      expect(await tested(estate, estate.current, pending)).toMatchObject({ failed: "authentication" });
    });

    test("a clone that acted as itself: what it has of its own, the base role must have before it takes over", async () => {
      const estate = await estateOn(server());
      const { base, clone } = estate;
      // As other tools leave it: a member of the base role, and nothing more.
      await as(estate.administrator, async ({ query }) => {
        await query(`CREATE ROLE ${clone} LOGIN`);
        await query(`GRANT ${base} TO ${clone}`);
      });
      const made = await rotated(strategy, estate);
      await superuser(`ALTER ROLE ${clone} RESET role`);
      await superuser(`ALTER ROLE ${clone} CREATEDB`);
      await superuser(`CREATE ROLE auditors_of_${base}`);
      await superuser(`GRANT auditors_of_${base} TO ${clone}`);
      await asValue(estate, made, async ({ query }) => {
        await query(`CREATE TABLE ${base}.orphan (id serial)`);
      });
      const back = await pendingOf(strategy, estate, made);
      expect(await strategy.set(rotationOf(estate), { current: made, pending: back, previous: null })).toBeNull();
      const failure = await tested(estate, made, back);
      expect(failure).toMatchObject({ failed: "privilege" });
      expect(failure?.message).toMatch(/of tables.*of columns.*of sequences.*owned relations.*memberships.*attributes/);
      const checks = await strategy.preflight(rotationOf(estate), estate.current);
      expect(checks.every((check) => check.failure === null)).toBe(false);
      await superuser(`REASSIGN OWNED BY ${clone} TO ${base}`);
      await superuser(`GRANT auditors_of_${base} TO ${base}`);
      await superuser(`ALTER ROLE ${base} CREATEDB`);
      expect(await tested(estate, made, back)).toBeNull();
    });
  });
});
