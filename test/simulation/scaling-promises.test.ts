import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { keepRemembered, nothingRemembered } from "../../shared/scaling/decisions.ts";
import { namedTarget } from "../../shared/scaling/policy.ts";
import type { Decision, DecisionRecord } from "../../shared/scaling/types.ts";
import { createChance } from "../../simulation/chance.ts";
import { simulateDays } from "../../simulation/days.ts";
import { createScalingAccount, type ScalingAccount } from "../../simulation/scaling/account.ts";
import { cluster } from "../../simulation/scaling/estate.ts";
import { type ScalingWatch, watchScaling } from "../../simulation/scaling/watch.ts";
import { decisionsTable } from "../../simulation/table.ts";
import { createWorld, type World } from "../../simulation/world.ts";

const { configuration } = loadConfiguration("production", {});
/** A Wednesday, in the middle of the night. */
const start = Date.UTC(2026, 3, 1, 3);

interface Scene {
  world: World;
  account: ScalingAccount;
  watch: ScalingWatch;
  pass(minutes: number): Promise<void>;
  /** Gives `checkout` so many tasks, as the function would: decided, kept and done; or without one of these. */
  change(to: number, what?: { isDecided?: boolean }): Promise<void>;
}

/** The example's services, nobody who scales them but the test, and what is broken of the promises. */
async function brokenBy(act: (scene: Scene) => unknown, begin: Instant = start): Promise<Record<string, string[]>> {
  const world = await createWorld({ configuration, start: begin, account: "111122223333", region: "eu-west-1" });
  const account = await createScalingAccount(world, createChance("promises"));
  const watch = watchScaling(world, account);
  const scene: Scene = {
    ...{ world, account, watch },
    async pass(minutes) {
      await world.clock.runUntil(world.clock.now() + minutes * minute);
      account.plant.advance(world.clock.now());
    },
    async change(to, { isDecided = true } = {}) {
      if (isDecided) await keep(scene, to);
      await account.send(new UpdateServiceCommand({ cluster, service: "checkout", desiredCount: to }));
    },
  };
  await scene.pass(1);
  await act(scene);
  return Object.fromEntries(watch.finish().map(({ name, broken }) => [name, broken]));
}

async function keep({ world, account }: Scene, to: number): Promise<void> {
  const policy = namedTarget("checkout", account.configuration)?.policy;
  if (policy === undefined) throw new Error("there is no checkout");
  const { desiredCount } = account.plant.ecs.service(cluster, "checkout");
  const decision: Partial<Decision> = {
    ...{ target: "checkout", verdict: to > desiredCount ? "out" : "in", at: world.clock.now() },
    ...{ capacityBefore: desiredCount, capacityAfter: to },
  };
  const table = { client: world.dynamodb, table: decisionsTable };
  const record = { version: 1, decision } as DecisionRecord;
  world.clock.set(world.clock.now() + 1);
  const own = { ...nothingRemembered(policy), version: versions.get(world) ?? 0 };
  versions.set(world, own.version + 1);
  await keepRemembered(table, "checkout", own, record, 1);
}

const versions = new WeakMap<World, number>();

/** Nothing of it can be seen from then on. */
function darken({ account }: Scene): void {
  account.plant.truths.get("checkout")?.seenAt.fill(Number.POSITIVE_INFINITY, -20);
}

const [missing, bounds, cooldown, held, thrash, kept, overload] = [
  "no scale-in on a point that was missing or high",
  "no capacity beyond its bounds",
  "no scaling within a cooldown",
  "no scaling in a deployment or a freeze",
  "no in, out and in again within an hour",
  "every scaling is a decision that is kept",
  "no overload without more capacity or a finding",
] as const;

describe("the promises about scaling", () => {
  test("hold while nothing happens, and while what is idle is scaled in", async () => {
    const broken = await brokenBy(async ({ pass, change }) => {
      await pass(5);
      await change(3);
      await pass(60);
    });
    expect(Object.values(broken).flat()).toEqual([]);
  });

  test("are broken by a scale-in of which a point was missing", async () => {
    const broken = await brokenBy((scene) => {
      darken(scene);
      return scene.change(3);
    });
    expect(broken[missing]).toEqual([expect.stringContaining("checkout went from 4 to 3, and cpu was missing")]);
  });

  test("or was not below", async () => {
    const broken = await brokenBy(({ account, change }) => {
      account.plant.truths.get("checkout")?.memory.fill(40, -20, -10);
      return change(3);
    });
    expect(broken[missing]).toEqual([expect.stringContaining("memory was 40")]);
  });

  test.each([2, 9])("are broken by %i tasks, which are beyond its bounds", async (count) => {
    expect((await brokenBy(({ change }) => change(count)))[bounds]).toHaveLength(1);
  });

  test("are broken by a change soon after another one, to the minute", async () => {
    const afterwards = (first: number, minutes: number, second: number) =>
      brokenBy(async ({ pass, change }) => {
        await change(first);
        await pass(minutes);
        await change(second);
      });
    expect((await afterwards(5, 4, 6))[cooldown]).toHaveLength(1);
    expect((await afterwards(5, 5, 6))[cooldown]).toEqual([]);
    expect((await afterwards(3, 14, 4))[cooldown]).toHaveLength(1);
    expect((await afterwards(3, 15, 4))[cooldown]).toEqual([]);
  });

  test("are broken by a change during a deployment, a freeze of a person, or one of the calendar", async () => {
    const deployed = await brokenBy(({ account, change }) => {
      const { deployments } = account.plant.ecs.service(cluster, "checkout");
      deployments.push({ id: "ecs-svc/2", createdAt: start, rolloutState: "IN_PROGRESS" });
      return change(5);
    });
    expect(deployed[held]).toHaveLength(1);
    const frozen = await brokenBy(({ watch, change }) => {
      watch.freeze(true);
      return change(5);
    });
    expect(frozen[held]).toHaveLength(1);
    const thursday = Date.UTC(2026, 3, 2, 20, 10);
    expect((await brokenBy(({ change }) => change(5), thursday))[held]).toHaveLength(1);
  });

  test("are broken by in, out and in again within an hour, and not by a little more", async () => {
    const again = (minutes: number) =>
      brokenBy(async ({ pass, change }) => {
        await change(3);
        await pass(20);
        await change(4);
        await pass(minutes);
        await change(3);
      });
    expect((await again(39))[thrash]).toHaveLength(1);
    expect((await again(41))[thrash]).toEqual([]);
  });

  test("are broken by a change that nobody has decided, or another one than was decided", async () => {
    expect((await brokenBy(({ change }) => change(5, { isDecided: false })))[kept]).toHaveLength(1);
    const other = await brokenBy(async (scene) => {
      await keep(scene, 6);
      await scene.change(5, { isDecided: false });
    });
    expect(other[kept]).toHaveLength(1);
  });
});

describe("an overload", () => {
  /** At noon there is far more to do than four tasks can. */
  const noon = Date.UTC(2026, 3, 1, 12);

  test("breaks its promise when nothing is done about it for a quarter of an hour and more", async () => {
    expect((await brokenBy(({ pass }) => pass(15), noon))[overload]).toEqual([]);
    expect((await brokenBy(({ pass }) => pass(30), noon))[overload]).toEqual([
      expect.stringContaining("checkout is overloaded for 17 min"),
    ]);
  });

  test("is excused while something failed on purpose", async () => {
    const broken = await brokenBy(async ({ pass, watch }) => {
      for (let count = 0; count < 40; count++) watch.disturb(noon + count * minute);
      await pass(40);
    }, noon);
    expect(broken[overload]).toEqual([]);
  });

  test("at the maximum is excused where somebody was told", async () => {
    const full = (isTold: boolean) =>
      brokenBy(async ({ account, pass }) => {
        account.plant.ecs.service(cluster, "checkout").desiredCount = 8;
        const Detail = JSON.stringify({ rule: "at-maximum", resource: "checkout", state: "raised" });
        const Entries = [{ Source: "nightshift", DetailType: "Finding", Detail }];
        if (isTold) await account.events.send(new PutEventsCommand({ Entries }));
        await pass(40);
      }, noon);
    expect((await full(true))[overload]).toEqual([]);
    expect((await full(false))[overload]).toHaveLength(1);
  });
});

test("a policy without patience thrashes, and the simulation says so", async () => {
  const { scaling } = configuration;
  const cpu = { out: { above: 55, minutes: 1 }, in: { below: 54, minutes: 1 }, dividesByCapacity: false };
  const impatient = {
    ...{ ...scaling, projectionMargin: 0, cooldownSeconds: { afterOut: 60, afterIn: 60 } },
    stabilisation: { ...scaling.stabilisation, shortestMinutes: 0, longestMinutes: 1 },
    rules: { ...scaling.rules, cpu, memory: { ...scaling.rules.memory, ...cpu } },
  };
  const only = { stories: new Set(["scaling:1"]), faults: null };
  const options = { seed: "hasty", days: 3, faults: "none", only } as const;
  const broken = async (scalings: typeof scaling) => {
    const { promises } = await simulateDays({ ...options, configuration: { ...configuration, scaling: scalings } });
    return promises.find(({ name }) => name === thrash)?.broken ?? [];
  };
  expect(await broken(scaling)).toEqual([]);
  expect((await broken(impatient)).length).toBeGreaterThan(0);
});
