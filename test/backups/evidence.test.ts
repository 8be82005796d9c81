import { describe, expect, test } from "vitest";
import { day, hour, minute } from "../../shared/instant.ts";
import { type BackedAccount, evidenceBucket, home } from "../../simulation/backed-account.ts";
import { chainOf, configurationWith, createShop, evidenceOf, told, verdictsOf } from "./account.ts";

// What is written while a run may die at any moment, and what wakes one.

describe("evidence", () => {
  test("is locked, each file of it, for as long as the configuration says", async () => {
    const account = await createShop();
    await account.run();
    const { objects } = account.in(home.region).s3.bucket(evidenceBucket);
    const versions = [...objects.values()].flat();
    expect(versions).toHaveLength(3);
    for (const { lockMode, retainUntil, sha256 } of versions) {
      expect({ lockMode, retainUntil }).toEqual({ lockMode: "GOVERNANCE", retainUntil: account.clock.at + 365 * day });
      expect(sha256).not.toBeNull();
    }
  });

  test("that cannot be kept keeps nobody from being told, and the run fails", async () => {
    const account = await createShop();
    account.around = async ({ command }, execute) => {
      if (command === "PutObject") throw new Error("no bucket");
      return execute();
    };
    await expect(account.run()).rejects.toThrow("no bucket");
    expect(told(account)).toHaveLength(4);
    expect(account.log.map(({ message }) => message)).not.toContain("backups verified");
  });

  test("that another run writes is not disturbed: nothing is chained to what is not there", async () => {
    const account = await createShop();
    let isSecond = false;
    account.around = async ({ command }, execute) => {
      if (command === "PutObject" && !isSecond) {
        isSecond = true;
        await expect(account.run()).rejects.toThrow("another run writes its evidence");
      }
      return execute();
    };
    await account.run();
    expect(chainOf(account)).toEqual({ packs: 1, problems: [], foreign: [] });
  });
});

/** A run that dies before or after its call of that number; true where there was one. */
async function dying(account: BackedAccount, number: number, when: "before" | "after"): Promise<boolean> {
  let count = 0;
  let isDead = false;
  account.around = async (_, execute) => {
    if (isDead) throw new Error("dead");
    count += 1;
    isDead = count === number;
    if (!isDead) return execute();
    if (when === "after") await execute();
    throw new Error("dead");
  };
  await account.run().catch(() => {});
  account.around = (_, execute) => execute();
  return isDead;
}

describe.each(["before", "after"] as const)("a run that dies %s any of its calls", (when) => {
  test("is followed by one with the same verdicts and findings, and evidence that is one chain", async () => {
    const alone = await createShop();
    await alone.run();
    alone.clock.at += hour;
    await alone.run();
    const writes: number[] = [];
    for (let number = 1; ; number++) {
      const account = await createShop();
      if (!(await dying(account, number, when))) break;
      account.clock.at += hour;
      await account.run();
      expect(verdictsOf(account)).toEqual(verdictsOf(alone));
      expect(new Set(told(account))).toEqual(new Set(told(alone)));
      const { packs, ...wrong } = chainOf(account);
      expect({ number, ...wrong }).toEqual({ number, problems: [], foreign: [] });
      writes.push(packs);
    }
    // Dead on the first calls it leaves nothing, on the last ones its evidence.
    expect(writes[0]).toBe(1);
    expect(writes.at(-1)).toBe(2);
    expect(writes.length).toBeGreaterThan(30);
  });
});

describe("an event of AWS Backup", () => {
  const event = {
    ...{ version: "0", id: "1", account: home.account, region: home.region, resources: [] },
    ...{ source: "aws.backup", "detail-type": "Backup Job State Change", time: "2027-03-15T14:05:00Z" },
    detail: { backupJobId: "1", state: "COMPLETED" },
  };

  test("wakes a run, and soon after one wakes none", async () => {
    const account = await createShop();
    await account.run(event);
    expect(evidenceOf(account).size).toBe(3);
    expect(account.log[0]).toMatchObject({ message: "woken early", fields: { kind: "backup-job" } });
    account.clock.at += 4 * minute;
    const { length } = account.calls;
    await account.run(event);
    expect(account.calls.slice(length)).toEqual([{ service: "ledger", region: home.region, command: "GetItem" }]);
    account.clock.at += 2 * minute;
    await account.run(event);
    expect(evidenceOf(account).size).toBe(6);
    expect(chainOf(account)).toEqual({ packs: 2, problems: [], foreign: [] });
  });

  test("of a shape that nobody knows wakes one too", async () => {
    const account = await createShop();
    await account.run({ ...event, detail: null });
    expect(evidenceOf(account).size).toBe(3);
  });

  test("of many at once lets one run begin", async () => {
    const account = await createShop();
    await Promise.all(Array.from({ length: 5 }, () => account.run(event)));
    expect(evidenceOf(account).size).toBe(3);
  });

  test("does not hold the schedule back", async () => {
    const account = await createShop();
    await account.run(event);
    account.clock.at += minute;
    await account.run({ source: "aws.scheduler" });
    expect(evidenceOf(account).size).toBe(6);
  });

  test("is not needed: without any of them the verdicts are the same at each tick", async () => {
    const [with_, without] = [await createShop(configurationWith()), await createShop(configurationWith())];
    for (let tick = 0; tick < 4; tick++) {
      for (const account of [with_, without]) {
        const { backup, rds } = account.in(home.region);
        if (tick === 2) backup.putVault("main");
        if (tick === 3) rds.putInstance("standing", {});
      }
      await with_.run(event);
      for (const account of [with_, without]) {
        account.clock.at += 10 * minute;
        await account.run();
        account.clock.at += 50 * minute;
      }
      expect(verdictsOf(with_)).toEqual(verdictsOf(without));
    }
    expect(new Set(told(with_))).toEqual(new Set(told(without)));
  });
});
