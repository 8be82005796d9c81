import { describe, expect, test } from "vitest";
import { writeFreeze } from "../../shared/freezes.ts";
import { minute } from "../../shared/instant.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import { ledgerTable } from "../../simulation/table.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  desired,
  idle,
  measure,
  onceBefore,
  pass,
  refusal,
  remembered,
  start,
  told,
  toldDecisions,
} from "./scene.ts";

async function busyScene(configuration = configurationWith()): Promise<ScaledAccount> {
  const account = await createScene(configuration);
  measure(account, busy);
  return account;
}

describe("a change happens once", () => {
  test("when the minute is doubled", async () => {
    const account = await busyScene();
    await Promise.all([account.tick(), account.tick()]);
    await account.tick();
    expect(account.changes).toHaveLength(1);
    expect(toldDecisions(account).filter((each) => each.startsWith("out"))).toHaveLength(1);
    expect(told(account)).toEqual([]);
  });

  test("when it is as it should be by the time it is to be done", async () => {
    const account = await busyScene();
    onceBefore(account, "TransactWriteItems", () => {
      account.ecs.service("shop", "checkout").desiredCount = 5;
    });
    await account.tick();
    expect(account.changes).toEqual([]);
    expect(told(account)).toEqual([]);
    expect(remembered(account)?.pending).toBeNull();
  });
});

describe("a change that AWS does not take", () => {
  test("is a finding where somebody changed the capacity meanwhile, until it has come about", async () => {
    const account = await busyScene();
    onceBefore(account, "TransactWriteItems", () => {
      account.ecs.service("shop", "checkout").desiredCount = 7;
    });
    await account.tick();
    expect(account.changes).toEqual([]);
    expect(told(account)).toEqual(["raised not-applied checkout"]);
    await pass(account, 5, busy);
    expect(toldDecisions(account).at(-1)).toBe("out checkout 7 to 8");
    expect(told(account)).toEqual(["raised not-applied checkout", "cleared not-applied checkout"]);
  });

  test("or until it is not wanted any more", async () => {
    const account = await busyScene();
    onceBefore(account, "UpdateService", () => {
      throw refusal("AccessDeniedException");
    });
    await account.tick();
    expect(told(account)).toEqual(["raised not-applied checkout"]);
    await pass(account, 12, calm);
    expect(account.changes).toEqual([]);
    expect(told(account)).toEqual(["raised not-applied checkout", "cleared not-applied checkout"]);
  });

  test("is tried again in the next minute where it is only throttled, and nobody is told", async () => {
    const account = await busyScene();
    onceBefore(account, "UpdateService", () => {
      throw refusal("ThrottlingException");
    });
    await account.tick();
    expect(desired(account)).toBe(4);
    await pass(account, 1, busy);
    expect(desired(account)).toBe(5);
    await pass(account, 3, busy);
    expect(account.changes).toHaveLength(1);
    expect(told(account)).toEqual([]);
  });

  test("is a finding when it has been tried for minutes", async () => {
    const account = await busyScene();
    account.around = (name, execute) => {
      if (name === "UpdateService") throw refusal("ThrottlingException");
      return execute();
    };
    await account.tick();
    await pass(account, 5, busy);
    expect(told(account)).toEqual([]);
    await pass(account, 1, busy);
    expect(told(account)).toEqual(["raised not-applied checkout"]);
    account.around = (_, execute) => execute();
    await pass(account, 1, busy);
    expect(desired(account)).toBe(5);
    expect(told(account)).toEqual(["raised not-applied checkout", "cleared not-applied checkout"]);
  });

  test("is not done later where the load has gone by then", async () => {
    const account = await createScene();
    // The newest point that is looked at is two minutes old.
    measure(account, busy, { until: start - 2 * minute });
    measure(account, calm, { from: start - 2 * minute });
    onceBefore(account, "UpdateService", () => {
      throw refusal("ThrottlingException");
    });
    await account.tick();
    expect(toldDecisions(account)).toEqual(["out checkout 4 to 5"]);
    await pass(account, 3, calm);
    expect(account.changes).toEqual([]);
    expect(remembered(account)).toMatchObject({ pending: null, raised: [], memory: { lastOut: null } });
  });
});

describe("what is frozen", () => {
  const freeze = { operation: "evaluate-scaling", by: "a person", reason: "release", at: start };
  const frozen = (account: ScaledAccount) => writeFreeze({ client: account.dynamodb, table: ledgerTable }, freeze);

  test("by a row in the ledger is decided, and not done", async () => {
    const account = await busyScene();
    await frozen(account);
    await account.tick();
    expect(account.changes).toEqual([]);
    expect(toldDecisions(account)).toEqual(["hold checkout: freeze"]);
  });

  test("by a row that is written after it was decided is not done either", async () => {
    const account = await busyScene();
    onceBefore(account, "DescribeServices", () => frozen(account));
    await account.tick();
    expect(account.changes).toEqual([]);
    expect(toldDecisions(account)).toEqual(["hold checkout: freeze"]);
  });
});

test("a bus that takes nothing holds up no change, and the minute is told to have failed", async () => {
  const account = await busyScene();
  account.events.refuse = () => "InternalFailure";
  await expect(account.tick()).rejects.toThrow("the bus findings refuses 1 events");
  expect(desired(account)).toBe(5);
});

test("where another one has just scaled the group, its cooldown is honoured", async () => {
  const web = {
    type: "auto-scaling-group",
    group: "web",
    minimum: 1,
    maximum: 9,
    metrics: { cpu: { periodSeconds: 60 } },
  };
  const account = await createScene(configurationWith({ targets: { checkout: { mode: "recommend" }, web } }));
  const group = account.groups.put("web", { desired: 3, maximum: 9, cooldownUntil: start + 2 * minute });
  const identity = { namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: "web" } };
  for (let at = start - 60 * minute; at < start + 10 * minute; at += minute)
    account.cloudwatch.metrics.put({ ...identity, at, value: 99 });
  await account.tick();
  expect(group.desired).toBe(3);
  await pass(account, 1);
  expect(group.desired).toBe(3);
  await pass(account, 1);
  expect(group.desired).toBe(4);
  expect(told(account)).toEqual([]);
});

test("what Application Auto Scaling scales is given both bounds", async () => {
  const identity = {
    namespace: "dynamodb",
    resourceId: "table/orders",
    dimension: "dynamodb:table:ReadCapacityUnits",
  } as const;
  const cpu = {
    namespace: "AWS/ECS",
    metric: "CPUUtilization",
    dimensions: { ClusterName: "shop", ServiceName: "checkout" },
  };
  const reads = {
    ...{ type: "scalable-target", namespace: "dynamodb", resource: "table/orders", dimension: identity.dimension },
    ...{
      minimum: 5,
      maximum: 50,
      metrics: { cpu: { ...cpu, statistic: "Average", periodSeconds: 60, absence: "unknown" } },
    },
  };
  const account = await createScene(configurationWith({ targets: { checkout: { mode: "recommend" }, reads } }));
  account.scalable.put(identity, { minimum: 20, maximum: 20 });
  measure(account, { cpu: 90 });
  await account.tick();
  expect(account.scalable.target(identity)).toMatchObject({ minimum: 22, maximum: 22 });
});

test("in a target that is scaled in, what is idle is projected", async () => {
  const account = await createScene();
  account.ecs.service("shop", "checkout").desiredCount = 3;
  measure(account, { cpu: 5, memory: 39 });
  await pass(account, 20, { cpu: 5, memory: 39 });
  // 39 % of three is 58.5 % of two.
  expect(desired(account)).toBe(2);
  await pass(account, 40, idle);
  expect(desired(account)).toBe(2);
});
