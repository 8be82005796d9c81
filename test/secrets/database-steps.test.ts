import { expect, test } from "vitest";
import type { Target } from "../../shared/secrets/outside.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import { outsideWith, rotationOf, textOf, versionOf } from "../databases/secret.ts";

test.each([
  ["mariadb-dual", "mariadb"],
  ["mysql-alternating", "mysql"],
  ["mysql-dual", "mysql"],
  ["mysql-single", "mysql"],
  ["redis-dual", "redis"],
])("%s is found by its name, says what its steps do, and refuses another engine than %s", async (name, engine) => {
  const tls = { mode: "verify-full", authorities: null, serverName: null } as const;
  const target: Target = { host: "db", port: 1, user: "app", password: "MARKED", database: null, tls, timeoutMs: 1 };
  const rotation = rotationOf(outsideWith({}, null));
  const strategy = await strategyNamed(name, {
    apis: {},
    webhooks: {},
    certificates: { renewDaysBefore: 30, renewLifetimeDividedBy: 3 },
  });
  if (!("steps" in strategy)) throw new Error(name);
  expect(strategy.name).toBe(name);
  const steps = JSON.stringify(strategy.steps(rotation, versionOf(textOf(engine, target))));
  expect(steps).toContain("app");
  expect(steps).not.toContain("MARKED");
  const other = versionOf(textOf("postgres", target));
  expect(strategy.steps(rotation, other)).toMatchObject({ failed: "malformed" });
  expect(await strategy.create(rotation, other)).toMatchObject({ failed: "malformed" });
  expect(await strategy.login(rotation, other)).toMatchObject({ failed: "malformed" });
  const [check] = await strategy.preflight(rotation, other);
  expect(check).toMatchObject({ what: "secret", failure: { failed: "malformed" } });
});

test("the versions of a rotation are of one server, and of the users that the strategy makes", async () => {
  const tls = { mode: "disable", authorities: null, serverName: null } as const;
  const target: Target = { host: "db", port: 1, user: "app", password: "a", database: null, tls, timeoutMs: 1 };
  const rotation = rotationOf(outsideWith({}, null));
  for (const [name, engine] of [
    ["mariadb-dual", "mariadb"],
    ["mysql-alternating", "mysql"],
    ["mysql-dual", "mysql"],
    ["mysql-single", "mysql"],
    ["redis-dual", "redis"],
  ] as const) {
    const strategy = await strategyNamed(name, {
      apis: {},
      webhooks: {},
      certificates: { renewDaysBefore: 30, renewLifetimeDividedBy: 3 },
    });
    if (!("steps" in strategy)) throw new Error(name);
    const current = versionOf(textOf(engine, target));
    for (const other of [
      { ...target, host: "elsewhere", password: "b" },
      { ...target, user: "stranger", password: "b" },
    ]) {
      const pending = versionOf(textOf(engine, other));
      expect(await strategy.set(rotation, { current, pending, previous: null })).toMatchObject({ failed: "malformed" });
      if (name === "mysql-alternating" && other.user === "stranger") continue;
      expect(await strategy.retire(rotation, pending, current)).toMatchObject({ failed: "malformed" });
      expect(await strategy.abandon(rotation, pending, current)).toMatchObject({ failed: "malformed" });
    }
  }
});
