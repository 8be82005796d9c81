import { describe, expect, test } from "vitest";
import { serviceFacts } from "../../functions/evaluate-scaling/facts-services.ts";
import type { Observers } from "../../functions/evaluate-scaling/observers.ts";
import { check } from "../../shared/configuration/check.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  desired,
  idle,
  measure,
  pass,
  refusal,
  remembered,
  told,
} from "./scene.ts";

// What AWS is asked about a target although its metrics say nothing, and what comes of changes that AWS refuses.

describe("a target is looked at every ten minutes, whatever its metrics say", () => {
  test("one that is below its minimum is given it, however calm it is", async () => {
    const account = await createScene();
    account.ecs.service("shop", "checkout").desiredCount = 1;
    measure(account, calm);
    await pass(account, 10, calm);
    expect(desired(account)).toBe(2);
  });

  test("one that is gone is a finding, although nothing is measured of it", async () => {
    const lost = { type: "ecs-service", cluster: "shop", service: "lost", minimum: 1, maximum: 4 };
    const account = await createScene(configurationWith({ targets: { lost } }));
    measure(account, calm);
    await pass(account, 10, calm);
    expect(told(account)).toEqual(["raised target-gone lost"]);
    account.ecs.put("shop", "lost");
    await pass(account, 1, calm);
    expect(told(account)).toEqual(["raised target-gone lost", "cleared target-gone lost"]);
  });
});

test("a scale-in that AWS refuses closes nothing for a quarter of an hour, and teaches nothing", async () => {
  const account = await createScene();
  measure(account, idle);
  let refusals = 0;
  account.around = async (command, execute) => {
    if (command !== "UpdateService" || refusals > 0) return execute();
    refusals += 1;
    throw refusal("AccessDeniedException");
  };
  await account.tick();
  expect({ refusals, desired: desired(account) }).toEqual({ refusals: 1, desired: 4 });
  expect(remembered(account)?.memory).toMatchObject({ lastIn: null, regrettedAt: null, stabilisationMinutes: 75 });
  await pass(account, 13, busy);
  expect(desired(account)).toBe(5);
  expect(remembered(account)?.memory.regrettedAt).toBeNull();
});

describe("a deployment that ECS itself does not control", () => {
  const service = (taskSets: object[]) => ({
    ...{ serviceName: "checkout", status: "ACTIVE", desiredCount: 3, deployments: [], taskSets },
  });
  async function deployment(taskSets: object[]): Promise<unknown> {
    const seen = new Map();
    const answer = async (command: object) =>
      command.constructor.name === "DescribeServicesCommand" ? { services: [service(taskSets)] } : {};
    const observers = { ecs: { send: answer }, scalable: { send: answer } } as unknown as Observers;
    const resource = { type: "ecs-service", cluster: "shop", service: "checkout" } as const;
    await serviceFacts(observers, [{ resource, index: 0 }], seen);
    return seen.get(0)?.deployment;
  }

  test.each([
    ["one steady task set", [{ stabilityStatus: "STEADY_STATE" }], null],
    [
      "one that is still becoming so",
      [{ stabilityStatus: "STABILIZING" }],
      "a deployment is in progress (1 task sets)",
    ],
    [
      "two",
      [{ stabilityStatus: "STEADY_STATE" }, { stabilityStatus: "STEADY_STATE" }],
      "a deployment is in progress (2 task sets)",
    ],
  ])("%s", async (_, taskSets, told) => {
    expect(await deployment(taskSets)).toBe(told);
  });
});

test("two targets of one resource are refused: they would not know of each other", () => {
  const again = { type: "ecs-service" as const, cluster: "shop", service: "checkout", maximum: 5 };
  const configuration = configurationWith();
  const checked = check({
    ...configuration,
    scaling: { ...configuration.scaling, targets: { ...configuration.scaling.targets, again } },
  });
  expect(checked.ok ? [] : checked.problems.map(({ path, reason }) => `${path.join(".")} ${reason}`)).toEqual([
    "scaling.targets.again is what scaling.targets.checkout scales already: put their metrics into one target",
  ]);
});
