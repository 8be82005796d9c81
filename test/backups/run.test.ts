import { describe, expect, test } from "vitest";
import { run } from "../../functions/verify-backups/run.ts";
import { day, hour, minute } from "../../shared/instant.ts";
import { home } from "../../simulation/backed-account.ts";
import {
  abroad,
  chainOf,
  configurationWith,
  createShop,
  database,
  denied,
  lastReport,
  start,
  told,
  verdictsOf,
} from "./account.ts";

const shop = [
  "carts: MET",
  "vol-1: UNATTAINABLE",
  "stock: MET",
  "forgotten: BREACHED",
  "orders: MET",
  "standing: BREACHED",
  "caches: EXEMPT",
  "pictures: UNATTAINABLE",
];
const wrong = [
  "raised objective-unattainable vol-1",
  "raised unprotected forgotten",
  "raised objective-breached standing",
  "raised objective-unattainable pictures",
];

describe("a run", () => {
  test("says of each resource what could be restored of it, keeps that, and tells what is wrong", async () => {
    const account = await createShop();
    await account.run();
    expect(verdictsOf(account)).toEqual(shop);
    expect(told(account)).toEqual(wrong);
    expect(chainOf(account)).toEqual({ packs: 1, problems: [], foreign: [] });
    expect(account.log.at(-1)).toMatchObject({ message: "backups verified", fields: { MET: 3, BREACHED: 2 } });
  });

  test("finds what nobody tagged and nothing ever backed up", async () => {
    const account = await createShop();
    await account.run();
    const found = lastReport(account).resources.find(({ arn }) => arn === database("forgotten"));
    expect(found).toMatchObject({ verdict: "BREACHED", owner: null, mechanism: null, restorableAt: null, lock: null });
  });

  test("tells each finding once, again after a day, and when it is mended", async () => {
    const account = await createShop();
    await account.run();
    account.clock.at += hour;
    await account.run();
    expect(told(account)).toEqual(wrong);
    account.clock.at += day;
    await account.run();
    expect(told(account)).toEqual([...wrong, ...wrong]);
    const { rds } = account.in(home.region);
    rds.putInstance("forgotten-2", { retentionDays: 0 });
    account.clock.at += hour;
    await account.run();
    expect(told(account).slice(8)).toEqual(["raised unprotected forgotten-2"]);
    account.in(home.region).ec2.volumes.items.splice(0);
    account.clock.at += hour;
    await account.run();
    expect(told(account).slice(9)).toEqual(["cleared objective-unattainable vol-1"]);
    expect(chainOf(account)).toEqual({ packs: 5, problems: [], foreign: [] });
  });

  test("tells anew what the bus did not take", async () => {
    const account = await createShop();
    account.events.refuse = ({ Detail = "" }) => (Detail.includes("forgotten") ? "InternalFailure" : null);
    await expect(account.run()).rejects.toThrow("the bus did not take 1 findings");
    account.events.refuse = null;
    account.clock.at += hour;
    await account.run();
    expect(told(account).filter((each) => each.includes("forgotten"))).toEqual(["raised unprotected forgotten"]);
  });
});

describe("what cannot be asked", () => {
  const failing = (service: string) => async (call: { service: string }, execute: () => Promise<unknown>) => {
    if (call.service === service) throw denied();
    return execute();
  };

  test("makes what an index knows UNKNOWN, never absent, until it answers again", async () => {
    const account = await createShop();
    const { config, explorer } = account.in(home.region);
    config.put(database("orders"), "AWS::RDS::DBInstance");
    explorer.put(database("forgotten"), "rds:db");
    account.around = failing("rds");
    await account.run();
    expect(verdictsOf(account)).toEqual([
      ...["carts: MET", "vol-1: UNATTAINABLE", "forgotten: UNKNOWN", "orders: UNKNOWN"],
      ...["caches: EXEMPT", "pictures: UNATTAINABLE"],
    ]);
    expect(told(account).toSorted()).toEqual([
      ...["raised inventory-incomplete inventory/rds/eu-west-1", "raised not-known forgotten"],
      ...["raised not-known orders", "raised objective-unattainable pictures"],
      "raised objective-unattainable vol-1",
    ]);
    account.around = (_, execute) => execute();
    account.clock.at += hour;
    await account.run();
    expect(verdictsOf(account)).toEqual(shop);
    expect(told(account).slice(5).toSorted()).toEqual([
      ...["cleared inventory-incomplete inventory/rds/eu-west-1", "cleared not-known forgotten"],
      ...["cleared not-known orders", "raised objective-breached standing", "raised unprotected forgotten"],
    ]);
  });

  test("makes all of it UNKNOWN that the run before knew, as long as it lasts", async () => {
    const account = await createShop();
    await account.run();
    account.around = failing("rds");
    for (let count = 0; count < 2; count++) {
      account.clock.at += hour;
      await account.run();
      const databases = verdictsOf(account).filter((each) => /stock|forgotten|orders|standing/.test(each));
      expect(databases.map((each) => each.split(": ")[1])).toEqual(Array(4).fill("UNKNOWN"));
    }
    expect(told(account).filter((each) => each.startsWith("cleared"))).toEqual([]);
  });

  test("makes what has points UNKNOWN too", async () => {
    const account = await createShop();
    account.around = failing("ec2");
    await account.run();
    expect(verdictsOf(account)).toContain("vol-1: UNKNOWN");
  });

  test("of one table is said of that table alone", async () => {
    const account = await createShop();
    account.in(home.region).dynamodb.put("sessions", { recovery: "ENABLED" });
    account.around = async (call, execute) => {
      const answer = await execute();
      if (call.command !== "ListTagsOfResource") return answer;
      account.around = (_, next) => next();
      throw denied();
    };
    await account.run();
    expect(verdictsOf(account).filter((each) => /carts|sessions/.test(each))).toEqual([
      "carts: UNKNOWN",
      "sessions: MET",
    ]);
  });

  test("of AWS Backup leaves MET what is proven without it, and the rest UNKNOWN", async () => {
    const account = await createShop();
    account.around = failing("backup");
    await account.run();
    expect(verdictsOf(account)).toEqual([
      ...["carts: MET", "vol-1: UNKNOWN", "stock: MET", "forgotten: UNKNOWN", "orders: MET", "standing: UNKNOWN"],
      ...["caches: EXEMPT", "pictures: UNKNOWN"],
    ]);
  });

  test("in one region does not keep another from being judged", async () => {
    const account = await createShop(configurationWith({ regions: [abroad] }));
    account.in(abroad).rds.putInstance("far");
    account.around = async (call, execute) => {
      if (call.region === abroad) throw denied();
      return execute();
    };
    await account.run();
    expect(verdictsOf(account)).toEqual(shop);
    expect(told(account).slice(0, 4)).toEqual(wrong);
    expect(told(account)).toContain(`raised inventory-incomplete inventory/rds/${abroad}`);
  });

  test.each(["access-denied", "not-found"] as const)(
    "as a vault that vanishes between its pages (%s)",
    async (said) => {
      const account = await createShop();
      const { backup } = account.in(home.region);
      backup.putVault("second");
      // An hour ago is well within staging's objective, had it not gone.
      account
        .in(home.region)
        .rds.putInstance("lost", { retentionDays: 0, tags: { "nightshift:environment": "staging" } });
      for (let count = 0; count < 3; count++)
        backup.putPoint("second", database("lost"), { createdAt: start - minute });
      backup.absentVault = said;
      backup.seam.pageSize = () => 2;
      let pages = 0;
      backup.seam.before = (command, input) => {
        if (
          !command.startsWith("ListRecoveryPoints") ||
          !("BackupVaultName" in input) ||
          input.BackupVaultName !== "second"
        )
          return;
        pages += 1;
        if (pages === 2) backup.removeVault("second");
      };
      await account.run();
      expect(verdictsOf(account)).toContain("orders: MET");
      expect(verdictsOf(account)).toContain("standing: UNKNOWN");
      expect(verdictsOf(account)).toContain("lost: UNKNOWN");
      expect(told(account)).toContain("raised inventory-incomplete inventory/vault second/eu-west-1");
      const [reason] = lastReport(account).inventory.flatMap((each) =>
        each.source === "vault second" ? [each.reason] : [],
      );
      expect(reason).toMatch(said === "not-found" ? /vanished while it was read/ : /could not be read: AccessDenied/);
    },
  );
});

test("a run that has no time left says what it did not come to, and proves nothing by it", async () => {
  const account = await createShop();
  let asked = 0;
  // The inventory is looked at in time, the vaults are not.
  const deadline = () => (++asked > 9 ? account.clock.at : account.clock.at + hour);
  await run({}, account.dependencies({ deadline }));
  expect(verdictsOf(account)).toContain("vol-1: UNKNOWN");
  expect(verdictsOf(account)).toContain("orders: MET");
  expect(told(account)).toContain("raised inventory-incomplete inventory/vault main/eu-west-1");
  expect(chainOf(account)).toEqual({ packs: 1, problems: [], foreign: [] });
});

test("a clock that is ahead of AWS's is taken off, as far as it was measured", async () => {
  const account = await createShop();
  const skewed = (clockSkewMs: number) => run({}, account.dependencies({ clockSkewMs: () => clockSkewMs }));
  await skewed(0);
  expect(verdictsOf(account)).toContain("orders: MET");
  account.clock.at += 1;
  await skewed(-10 * minute);
  expect(verdictsOf(account)).toContain("orders: BREACHED");
  account.clock.at += 1;
  await skewed(10 * minute);
  expect(verdictsOf(account)).toContain("orders: UNKNOWN");
});
