import { describe, expect, test } from "vitest";
import { delaysOf, parseShard, shardBody, shardsOf } from "../../functions/evaluate-scaling/shards.ts";
import { minute, second } from "../../shared/instant.ts";
import { namedTarget, namedTargets } from "../../shared/scaling/policy.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import { busy, configurationWith, createScene, desired, measure, start, told } from "./scene.ts";

/** So many services beside the checkout, each with thirty metrics, of which only its CPU and memory have points. */
function fleet(count: number) {
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const extra = Array.from({ length: 28 }, (_, index) => `metric-${index}`);
  const rule = { out: { above: 100, minutes: 3 }, in: { below: 1, minutes: 3 }, dividesByCapacity: false };
  const source = { namespace: "Shop", statistic: "Maximum", periodSeconds: 60, absence: "unknown" };
  const own = Object.fromEntries(extra.map((metric) => [metric, { ...source, metric }]));
  const one = {
    type: "ecs-service",
    cluster: "shop",
    minimum: 1,
    maximum: 9,
    metrics: { cpu: {}, memory: {}, ...own },
  };
  const targets = Object.fromEntries(names.map((name) => [name, { ...one, service: name }]));
  const rules = Object.fromEntries(extra.map((metric) => [metric, rule]));
  return { names, configuration: configurationWith({ targets, rules }) };
}

/** All of them are busy, and have two tasks. */
async function fleetScene(count: number): Promise<ScaledAccount> {
  const { names, configuration } = fleet(count);
  const account = await createScene(configuration);
  for (const service of names) {
    account.ecs.put("shop", service, { desiredCount: 2 });
    measure(account, busy, { service, from: start - 35 * minute });
  }
  measure(account, busy);
  return account;
}

describe("shards", () => {
  const { configuration } = fleet(104);
  const targets = namedTargets(configuration);

  test("are as few as three calls' metrics allow, and no target is in two", () => {
    const shards = shardsOf(targets, start);
    expect(shards.map((shard) => shard.targets.length)).toEqual([50, 50, 5]);
    expect(shards.flatMap((shard) => shard.targets)).toEqual(targets);
  });

  test("go through the queue by name, and come back as the configuration has them", () => {
    const [shard] = shardsOf(targets, start);
    if (shard === undefined) throw new Error("there is no shard");
    const body = shardBody(shard);
    expect(body.length).toBeLessThan(10_000);
    expect(parseShard(body, configuration)).toEqual(shard);
  });

  test("say nothing of what a target is held to", () => {
    const policy = { ...namedTarget("checkout", configuration)?.policy, maximum: 1_000 };
    const body = JSON.stringify({
      at: start,
      named: ["checkout", "gone"],
      tagged: [],
      targets: [{ name: "checkout", policy }],
    });
    expect(parseShard(body, configuration)?.targets.map(({ policy: { maximum } }) => maximum)).toEqual([10]);
  });

  test.each(["", "null", "{}", '{"at":"now","named":[],"tagged":[]}', '{"at":1,"named":[1],"tagged":[]}'])(
    "are not what anybody writes into the queue: %s",
    (body) => {
      expect(parseShard(body, configuration)).toBeNull();
    },
  );

  test("wait, so that all of them together ask for no more points a second than they may", () => {
    const shards = shardsOf(targets, start);
    // 50 targets with two metrics of thirty points each, and 28 of three.
    expect(delaysOf(shards, 5_000)).toEqual([0, 1, 2]);
    expect(delaysOf(shards, 500)).toEqual([0, 14, 28]);
    expect(delaysOf(shards, 50)).toEqual([0, 45, 45]);
  });
});

describe("many targets", () => {
  test("are evaluated shard by shard, each at the pace of the account's own quota", async () => {
    const account = await fleetScene(104);
    account.quotas.put("monitoring", "L-1", 50, "Rate of GetMetricData requests");
    account.quotas.put("monitoring", "L-2", 6_250, "GetMetricData datapoints per second (last 3 hours)");
    await account.tick();
    expect(account.sqs.messages.map(({ visibleAt }) => (visibleAt - start) / second)).toEqual([0, 1, 2]);
    expect(account.calls.get("GetMetricData")).toBe(7);
    expect(account.calls.get("UpdateService")).toBe(105);
    expect(desired(account, "service-103")).toBe(3);
  });

  test("at the documented pace where the quota cannot be read, and that is said", async () => {
    const account = await fleetScene(60);
    await account.tick();
    expect(account.sqs.messages.map(({ visibleAt }) => visibleAt - start)).toEqual([0, 0]);
    expect(account.log.filter(({ message }) => message === "quota not read")).toHaveLength(1);
  });

  test("of which one shard fails are evaluated but for that one, which comes again", async () => {
    const account = await fleetScene(60);
    let calls = 0;
    account.around = async (name, execute) => {
      if (name === "GetMetricData" && calls++ === 0) throw new Error("no reply");
      return execute();
    };
    await account.tick();
    expect(account.changes).toHaveLength(11);
    expect(account.failed).toHaveLength(1);
    account.clock.at = start + minute;
    const { batchItemFailures } = await account.deliver(account.failed);
    expect(batchItemFailures).toEqual([]);
    expect(account.changes).toHaveLength(61);
    expect(told(account)).toEqual([]);
  });

  test("are changed once where a shard is delivered twice, also by two at the same time", async () => {
    const account = await fleetScene(60);
    await account.tick();
    const again = account.sqs.messages.map(({ id, body }) => ({ messageId: id, body }));
    await Promise.all([account.deliver(again), account.deliver(again)]);
    account.clock.at += 30 * second;
    await account.deliver(again);
    expect(account.changes).toHaveLength(61);
    expect(desired(account, "service-3")).toBe(3);
    expect(told(account)).toEqual([]);
  });
});

test("what is to be changed is changed ten at a time, until no time is left", async () => {
  const account = await fleetScene(40);
  let [underway, most] = [0, 0];
  account.around = async (name, execute) => {
    if (name !== "UpdateService") return execute();
    underway += 1;
    most = Math.max(most, underway);
    account.clock.at += second;
    return await execute().finally(() => {
      underway -= 1;
    });
  };
  const late = account.tick({ deadline: () => start + 25 * second });
  await expect(late).rejects.toThrow("11 targets were not evaluated, the first: service-29: no time was left");
  expect(most).toBe(10);
  expect(account.changes).toHaveLength(30);
});

test("a shard that comes too late is the next minute's work", async () => {
  const { configuration } = fleet(0);
  const account = await createScene(configuration);
  measure(account, busy);
  const [shard] = shardsOf(namedTargets(configuration), start);
  if (shard === undefined) throw new Error("there is no shard");
  account.clock.at = start + 91 * second;
  const { batchItemFailures } = await account.deliver([{ messageId: "1", body: shardBody(shard) }]);
  expect(batchItemFailures).toEqual([]);
  expect(account.changes).toEqual([]);
  expect(account.log.map(({ message }) => message)).toContain("stale shard");
});

test("a message that is no shard ends as a dead letter, and the others of its batch are done", async () => {
  const { configuration } = fleet(0);
  const account = await createScene(configuration);
  measure(account, busy);
  const [shard] = shardsOf(namedTargets(configuration), start);
  if (shard === undefined) throw new Error("there is no shard");
  const { batchItemFailures } = await account.deliver([
    { messageId: "1", body: "hello" },
    { messageId: "2", body: shardBody(shard) },
  ]);
  expect(batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
  expect(desired(account)).toBe(5);
});

test("a queue that refuses shards fails the minute, and the others are under way", async () => {
  const account = await fleetScene(60);
  account.sqs.refuse = ({ Id }) => (Id === "0" ? { code: "InternalError", isSendersFault: false } : null);
  await expect(account.tick()).rejects.toThrow("the queue refuses 1 of 2 shards: InternalError");
  expect(account.sqs.messages).toHaveLength(1);
});
