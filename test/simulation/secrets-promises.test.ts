import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { day, hour } from "../../shared/instant.ts";
import { createChance } from "../../simulation/chance.ts";
import { simulateDays } from "../../simulation/days.ts";
import type { FaultLevel } from "../../simulation/fault-rates.ts";
import { createFaults } from "../../simulation/faults.ts";
import { createSecretsAccount, type SecretsAccount } from "../../simulation/secrets/account.ts";
import { furnish } from "../../simulation/secrets/furnish.ts";
import { watchSecrets } from "../../simulation/secrets/watch.ts";
import { createWorld } from "../../simulation/world.ts";

const { configuration } = loadConfiguration("production", {});
const start = Date.UTC(2026, 0, 1);

/** The example's secrets, nobody who looks after them, and what is broken of the promises after `change`. */
async function brokenBy(
  change: (account: SecretsAccount, pass: (ms: number) => Promise<void>) => unknown,
  level: FaultLevel = "none",
) {
  const faults = createFaults(level, createChance("promises"));
  faults.enabled = false;
  const world = await createWorld({ configuration, start, account: "111122223333", region: "eu-west-1", faults });
  const account = createSecretsAccount(world, createChance("promises"));
  await furnish(account, start);
  const watch = watchSecrets(world, account);
  await change(account, (ms) => world.clock.runUntil(world.clock.now() + ms));
  return Object.fromEntries(watch.finish().map(({ name, broken }) => [name, broken]));
}

const pending = "never two pending versions of a secret";
const works = "what is current always works";
const ages = "no credential lives longer than its interval";

/** Somebody changes something, and the watch looks. */
function touch({ servers }: SecretsAccount): void {
  servers.get("cache.internal")?.put("nobody", []);
}

describe("the promises about secrets", () => {
  test("hold while nothing happens", async () => {
    const broken = await brokenBy(touch);
    expect(Object.values(broken).flat()).toEqual([]);
  });

  test("are broken by two pending versions", async () => {
    const broken = await brokenBy((account) => {
      const { versions } = account.secretsManager.secret("payments/api");
      for (const id of ["one", "two"])
        versions.set(id, { value: "x", stages: new Set(["AWSPENDING"]), createdAt: start });
      touch(account);
    });
    expect(broken[pending]).toHaveLength(1);
  });

  test.each([
    ["a database", (a: SecretsAccount) => a.servers.get("shop.db.internal")?.put("shop", [])],
    ["a Redis", (a: SecretsAccount) => a.servers.get("cache.internal")?.put("sessions", [])],
    ["IAM", (a: SecretsAccount) => [...a.iam.keys.values()].map((key) => Object.assign(key, { status: "Inactive" }))],
  ])("are broken when %s refuses what is current", async (_, change) => {
    const broken = await brokenBy((account) => {
      change(account);
      touch(account);
    });
    expect(broken[works]).toHaveLength(1);
  });

  test("are broken by a credential that nobody replaces in time, to the hour", async () => {
    const until = (ms: number) => (_: SecretsAccount, pass: (ms: number) => Promise<void>) => pass(ms);
    // The build's password is three days and its place in the list old, and may become six.
    expect((await brokenBy(until(3 * day - 4 * hour)))[ages]).toEqual([]);
    expect((await brokenBy(until(3 * day + 4 * hour)))[ages]).toMatchObject([
      expect.stringContaining("build/database"),
    ]);
  });

  test("in harsh weather as well, where no fault has cost that time", async () => {
    const broken = await brokenBy((_, pass) => pass(4 * day), "harsh");
    expect(broken[ages]).toMatchObject([expect.stringContaining("faults cost 0 h")]);
  });

  test("and where one has, when nobody was told", async () => {
    const broken = await brokenBy(async (account, pass) => {
      await pass(4 * day);
      account.disturbances.push({ at: start + 3 * day, ms: 2 * day });
    }, "harsh");
    expect(broken[ages]).toMatchObject([expect.stringContaining("nobody was told")]);
  });
});

test("a longer grace than the interval allows keeps credentials alive too long, and the simulation says so", async () => {
  const secrets = { ...configuration.secrets, graceHours: 24 * 20 };
  const options = { configuration: { ...configuration, secrets }, seed: "grace", days: 20, faults: "none" } as const;
  const { promises } = await simulateDays({ ...options, only: { stories: new Set(["secrets:1"]), faults: null } });
  expect(promises.find(({ name }) => name === ages)?.broken.length).toBeGreaterThan(0);
});
