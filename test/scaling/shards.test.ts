import { describe, expect, test } from "vitest";
import { delaysOf, parseShard, shardBody, shardsOf } from "../../functions/evaluate-scaling/shards.ts";
import { minute, second } from "../../shared/instant.ts";
import { namedTarget, namedTargets } from "../../shared/scaling/policy.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import { busy, configurationWith, createScene, desired, measure, start, told } from "./scene.ts";

/** So many services beside the checkout, each with two metrics. */
function fleet(count: number, more: object = {}) {
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const one = { type: "ecs-service", cluster: "shop", minimum: 1, maximum: 9 };
  const targets = Object.fromEntries(names.map((name) => [name, { ...one, service: name }]));
  return { names, configuration: configurationWith({ targets, ...more }) };
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
  const { configuration } = fleet(520);
  const targets = namedTargets(configuration);

  test("are as few as one call's metrics allow, and no target is in two", () => {
    const shards = shardsOf(targets, start);
    expect(shards.map((shard) => shard.targets.length)).toEqual([250, 250, 21]);
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
    // 250 targets with two metrics of thirty points each.
    expect(delaysOf(shards, 15_000)).toEqual([0, 1, 2]);
    expect(delaysOf(shards, 1_000)).toEqual([0, 15, 30]);
    expect(delaysOf(shards, 100)).toEqual([0, 45, 45]);
  });
});

describe("many targets", () => {
  test("are evaluated shard by shard, each at the pace of the account's own quota", async () => {
    const account = await fleetScene(520);
    account.quotas.put("monitoring", "L-1", 50, "Rate of GetMetricData requests");
    account.quotas.put("monitoring", "L-2", 18_750, "GetMetricData datapoints per second (last 3 hours)");
    await account.tick();
    expect(account.sqs.messages.map(({ visibleAt }) => (visibleAt - start) / second)).toEqual([0, 1, 2]);
    expect(account.calls.get("GetMetricData")).toBe(3);
    expect(account.calls.get("UpdateService")).toBe(521);
    expect(desired(account, "service-519")).toBe(3);
  });

  test("at the documented pace where the quota cannot be read, and that is said", async () => {
    const account = await fleetScene(260);
    await account.tick();
    expect(account.sqs.messages.map(({ visibleAt }) => visibleAt - start)).toEqual([0, 0]);
    expect(account.log.filter(({ message }) => message === "quota not read")).toHaveLength(1);
  });

  test("of which one shard fails are evaluated but for that one, which comes again", async () => {
    const account = await fleetScene(260);
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
    expect(account.changes).toHaveLength(261);
    expect(told(account)).toEqual([]);
  });

  test("are changed once where a shard is delivered twice, also by two at the same time", async () => {
    const account = await fleetScene(260);
    await account.tick();
    const again = account.sqs.messages.map(({ id, body }) => ({ messageId: id, body }));
    await Promise.all([account.deliver(again), account.deliver(again)]);
    account.clock.at += 30 * second;
    await account.deliver(again);
    expect(account.changes).toHaveLength(261);
    expect(desired(account, "service-3")).toBe(3);
    expect(told(account)).toEqual([]);
  });
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
  const account = await fleetScene(260);
  account.sqs.refuse = ({ Id }) => (Id === "0" ? { code: "InternalError", isSendersFault: false } : null);
  await expect(account.tick()).rejects.toThrow("the queue refuses 1 of 2 shards: InternalError");
  expect(account.sqs.messages).toHaveLength(1);
});
