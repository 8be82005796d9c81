import { describe, expect, test } from "vitest";
import { discover } from "../../functions/evaluate-scaling/discover.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import { busy, configurationWith, createScene, desired, measure, pass, start } from "./scene.ts";

const small = { key: "nightshift:scaling", value: "small", minimum: 1, maximum: 4 };
const tags = { "nightshift:scaling": "small" };

const serviceArn = (cluster: string, service: string) =>
  `arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/${service}`;

async function scene(tagged: object = small): Promise<ScaledAccount> {
  return await createScene(configurationWith({ tagged: { small: tagged } }));
}

async function found(account: ScaledAccount): Promise<string[]> {
  const { targets } = await discover(account.dependencies().observers, account.configuration);
  return targets.map(({ name }) => name);
}

describe("what carries a tag", () => {
  test("is a target: services, groups, and what Application Auto Scaling scales", async () => {
    const account = await scene();
    account.tagging.put(serviceArn("shop", "search"), tags);
    account.tagging.put(serviceArn("shop", "mail"), { "nightshift:scaling": "large" });
    account.groups.put("web", { tags });
    const identity = {
      namespace: "dynamodb",
      resourceId: "table/orders",
      dimension: "dynamodb:table:ReadCapacityUnits",
    } as const;
    account.tagging.put(account.scalable.put(identity).arn, tags);
    account.tagging.put(account.scalable.put({ ...identity, resourceId: "table/others" }).arn, {});
    expect(await found(account)).toEqual(["checkout", "search", "web", "orders"]);
  });

  test("is found page by page", async () => {
    const account = await scene();
    for (let index = 0; index < 230; index++) {
      account.tagging.put(serviceArn("shop", `service-${index}`), tags);
      account.groups.put(`group-${index}`, { tags });
    }
    expect((await found(account)).length).toBe(461);
    expect(account.calls.get("GetResources")).toBe(3);
    expect(account.calls.get("DescribeAutoScalingGroups")).toBe(3);
  });

  test("is not also what the configuration names", async () => {
    const account = await scene();
    account.tagging.put(serviceArn("shop", "checkout"), tags);
    const identity = {
      namespace: "ecs",
      resourceId: "service/shop/checkout",
      dimension: "ecs:service:DesiredCount",
    } as const;
    account.tagging.put(account.scalable.put(identity).arn, tags);
    expect(await found(account)).toEqual(["checkout"]);
  });

  test("has the same name whatever else is found before it", async () => {
    const account = await scene();
    account.tagging.put(serviceArn("store", "search"), tags);
    expect(await found(account)).toEqual(["checkout", "search"]);
    account.tagging.put(serviceArn("shop", "search"), tags);
    account.tagging.put(serviceArn("store", "checkout"), tags);
    expect(await found(account)).toEqual(["checkout", "shop/search", "store/checkout", "store/search"]);
  });

  test("is scaled like what is named, within the bounds of its entry", async () => {
    const account = await scene();
    account.ecs.put("shop", "search", { desiredCount: 3 });
    account.tagging.put(serviceArn("shop", "search"), tags);
    measure(account, busy);
    measure(account, busy, { service: "search" });
    await account.tick();
    expect(desired(account, "search")).toBe(4);
    await pass(account, 10, busy);
    expect(desired(account, "search")).toBe(4);
  });

  test("and cannot be looked up is said, and what was known goes on", async () => {
    const account = await scene();
    account.ecs.put("shop", "search", { desiredCount: 2 });
    account.tagging.put(serviceArn("shop", "search"), tags);
    measure(account, { cpu: 50, memory: 50 });
    await account.tick();
    account.around = async (name, execute) => {
      if (name === "GetResources") throw new Error("no reply");
      return execute();
    };
    account.clock.at = start + 11 * 60_000;
    measure(account, busy);
    measure(account, busy, { service: "search" });
    await account.tick();
    expect(account.log.map(({ message }) => message)).toContain("targets not looked up");
    expect(desired(account, "search")).toBe(3);
    expect(desired(account)).toBe(5);
  });
});

test("{{name}} stands for the resource's own name", async () => {
  const queue = {
    ...{ namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", statistic: "Maximum" },
    ...{ periodSeconds: 60, absence: "idle", dimensions: { QueueName: "{{name}}-jobs" } },
  };
  const account = await scene({ ...small, metrics: { cpu: {}, queue } });
  account.tagging.put(serviceArn("shop", "search"), tags);
  const { targets } = await discover(account.dependencies().observers, account.configuration);
  const search = targets.find(({ name }) => name === "search");
  expect(search?.sources.map(({ dimensions }) => dimensions)).toEqual([
    { ClusterName: "shop", ServiceName: "search" },
    { QueueName: "search-jobs" },
  ]);
});
