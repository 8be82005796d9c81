import { describe, expect, test } from "vitest";
import { minute } from "../../shared/instant.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  desired,
  idle,
  measure,
  pass,
  start,
  told,
  toldDecisions,
} from "./scene.ts";

const other = { type: "ecs-service", cluster: "shop", service: "search", minimum: 1, maximum: 10 };

/** Two services that are busy, of which only the first is changed by a test. */
async function two(): Promise<ScaledAccount> {
  const account = await createScene(configurationWith({ targets: { search: other } }));
  account.ecs.put("shop", "search", { desiredCount: 2 });
  measure(account, busy);
  measure(account, busy, { service: "search" });
  return account;
}

describe("a target that is not there", () => {
  test.each([
    ["INACTIVE", "there is no ECS service shop/checkout"],
    ["DRAINING", "the ECS service shop/checkout is DRAINING"],
  ] as const)("as ECS says %s is a finding, and the others go on", async (status, message) => {
    const account = await two();
    account.ecs.service("shop", "checkout").status = status;
    await account.tick();
    expect(desired(account, "search")).toBe(3);
    expect(account.changes).toHaveLength(1);
    expect(told(account)).toEqual(["raised target-gone checkout"]);
    expect(account.events.events.map(({ detail }) => detail)).toContainEqual(expect.objectContaining({ message }));
    account.ecs.service("shop", "checkout").status = "ACTIVE";
    await pass(account, 1, busy);
    expect(told(account)).toEqual(["raised target-gone checkout", "cleared target-gone checkout"]);
    expect(desired(account)).toBe(5);
  });

  test("nor its cluster is a finding", async () => {
    const lost = { type: "ecs-service", cluster: "gone", service: "checkout", maximum: 9 };
    const account = await createScene(configurationWith({ targets: { lost, checkout: { mode: "recommend" } } }));
    const identity = { namespace: "AWS/ECS", metric: "CPUUtilization" };
    for (let at = start - 60 * minute; at < start; at += minute) {
      const dimensions = { ClusterName: "gone", ServiceName: "checkout" };
      account.cloudwatch.metrics.put({ ...identity, dimensions, at, value: 90 });
    }
    await account.tick();
    expect(told(account)).toEqual(["raised target-gone lost"]);
  });

  test("or cannot be looked at is no finding; the others go on, and the minute is told to have failed", async () => {
    const account = await createScene(configurationWith({ targets: { search: { ...other, cluster: "store" } } }));
    account.ecs.put("store", "search", { desiredCount: 2 });
    measure(account, busy);
    const identity = { namespace: "AWS/ECS", dimensions: { ClusterName: "store", ServiceName: "search" } };
    for (let at = start - 60 * minute; at < start; at += minute) {
      for (const metric of ["CPUUtilization", "MemoryUtilization"])
        account.cloudwatch.metrics.put({ ...identity, metric, at, value: 99 });
    }
    let asked = 0;
    account.around = async (name, execute) => {
      if (name !== "DescribeServices" || asked++ > 0) return execute();
      throw new Error("no reply");
    };
    await expect(account.tick()).rejects.toThrow("1 targets were not evaluated, the first: checkout: Error: no reply");
    expect(account.ecs.service("store", "search").desiredCount).toBe(3);
    expect(desired(account)).toBe(4);
    expect(told(account)).toEqual([]);
  });
});

describe("a group", () => {
  const web = { type: "auto-scaling-group", group: "web", minimum: 1, maximum: 9 };

  async function groupScene(value: number): Promise<ScaledAccount> {
    const account = await createScene(configurationWith({ targets: { web, checkout: { mode: "recommend" } } }));
    const identity = { namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: "web" } };
    for (let at = start - 120 * minute; at < start + 60 * minute; at += 5 * minute)
      account.cloudwatch.metrics.put({ ...identity, at, value });
    return account;
  }

  test("is scaled by points of five minutes, beside a service that has points of one", async () => {
    const account = await groupScene(90);
    const group = account.groups.put("web", { desired: 3, maximum: 9 });
    measure(account, busy);
    await account.tick();
    expect(group.desired).toBe(4);
    expect(toldDecisions(account)).toEqual(["out checkout 4 to 5", "out web 3 to 4"]);
  });

  test.each([
    ["at its own bound", { desired: 3, maximum: 3 }, ["hold web: maximum"], ["raised at-maximum web"]],
    ["being deleted", { isBeingDeleted: true }, ["unknown web"], ["raised target-gone web"]],
    [
      "refreshing its instances",
      { refreshes: [{ id: "r", status: "InProgress", startAt: start, percentageComplete: 0 }] },
      ["hold web: deployment"],
      [],
    ],
    [
      "scaled by a policy of its own",
      { policies: [{ PolicyName: "cpu60" }] },
      ["hold web: foreign-autoscaler"],
      ["raised foreign-autoscaler web"],
    ],
    [
      "scaled by one that is suspended",
      { policies: [{ PolicyName: "cpu60" }], suspendedProcesses: ["AlarmNotification"] },
      ["out web 3 to 4"],
      [],
    ],
  ] as const)("that is %s", async (_, change, decisions, findings) => {
    const account = await groupScene(90);
    account.groups.put("web", structuredClone({ desired: 3, maximum: 9, ...change }) as object);
    await account.tick();
    expect(toldDecisions(account).filter((each) => each.includes("web"))).toEqual(decisions);
    expect(told(account)).toEqual(findings);
  });

  test("that does not exist is a finding", async () => {
    const account = await groupScene(90);
    await account.tick();
    expect(told(account)).toEqual(["raised target-gone web"]);
  });
});

describe("a deployment", () => {
  test("lets neither more nor less be asked for, until it is complete", async () => {
    for (const values of [busy, idle]) {
      const account = await createScene();
      measure(account, values);
      const [deployment] = account.ecs.deployments("shop", "checkout");
      Object.assign(deployment ?? {}, { rolloutState: "IN_PROGRESS" });
      await account.tick();
      expect(toldDecisions(account)).toEqual(["hold checkout: deployment"]);
      await pass(account, 2, values);
      expect(account.changes).toEqual([]);
      Object.assign(deployment ?? {}, { rolloutState: "COMPLETED" });
      await pass(account, 1, values);
      expect(account.changes).toHaveLength(1);
    }
  });

  test("of which ECS knows two is one as well", async () => {
    const account = await createScene();
    measure(account, busy);
    const deployments = account.ecs.deployments("shop", "checkout");
    deployments.push({ id: "ecs-svc/9", createdAt: start, rolloutState: undefined });
    await account.tick();
    expect(toldDecisions(account)).toEqual(["hold checkout: deployment"]);
  });
});

describe("another autoscaler", () => {
  const resourceId = "service/shop/checkout";
  const identity = { namespace: "ecs", resourceId, dimension: "ecs:service:DesiredCount" } as const;
  const policies = [{ PolicyName: "cpu60", PolicyType: "TargetTrackingScaling" }] as never;

  test("that is not suspended is a finding, and nothing is done until it is", async () => {
    const account = await createScene();
    measure(account, busy);
    const target = account.scalable.put(identity, { policies });
    await account.tick();
    await pass(account, 9, busy);
    expect(account.changes).toEqual([]);
    expect(told(account)).toEqual(["raised foreign-autoscaler checkout"]);
    // One direction is not both.
    target.suspended = { scaleIn: true, scaleOut: false, scheduled: false };
    await pass(account, 1, busy);
    expect(account.changes).toEqual([]);
    target.suspended = { scaleIn: true, scaleOut: true, scheduled: false };
    await pass(account, 1, busy);
    expect(told(account)).toEqual(["raised foreign-autoscaler checkout", "cleared foreign-autoscaler checkout"]);
    expect(desired(account)).toBe(5);
  });

  test("that is taken away is a finding no more, also while nothing is to be done", async () => {
    const account = await createScene();
    measure(account, busy);
    const target = account.scalable.put(identity, { policies });
    await account.tick();
    await pass(account, 15, calm);
    expect(told(account)).toHaveLength(1);
    target.policies = [];
    await pass(account, 1, calm);
    expect(told(account)).toEqual(["raised foreign-autoscaler checkout", "cleared foreign-autoscaler checkout"]);
  });

  test("without a policy is none", async () => {
    const account = await createScene();
    measure(account, busy);
    account.scalable.put(identity);
    await account.tick();
    expect(desired(account)).toBe(5);
  });
});
