import {
  DescribeServicesCommand,
  InvalidParameterException,
  ServiceNotActiveException,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { Broken } from "../../../shared/failures.ts";
import { createEcs, type Follow } from "../../../simulation/aws/ecs.ts";

// What no server can judge: tasks that run when the scene says so, and services that are on their way out.

const home = { account: "111122223333", region: "eu-west-1" };

function scene(follow?: Follow) {
  const ecs = createEcs({ now: () => 0, ...home, ...(follow === undefined ? {} : { follow }) });
  const service = ecs.put("shop", "checkout", { desiredCount: 2, tags: { team: "payments" } });
  const update = (desiredCount: number) =>
    ecs.send(new UpdateServiceCommand({ cluster: "shop", service: "checkout", desiredCount }));
  const seen = async () => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: "shop", services: ["checkout"] }));
    const [{ desiredCount, runningCount, pendingCount, status } = {}] = services;
    return { desiredCount, runningCount, pendingCount, status };
  };
  return { ecs, service, update, seen };
}

test("tasks follow what is desired at once unless it is said otherwise", async () => {
  const { update, seen } = scene();
  await update(5);
  expect(await seen()).toEqual({ desiredCount: 5, runningCount: 5, pendingCount: 0, status: "ACTIVE" });
  await update(0);
  expect(await seen()).toMatchObject({ desiredCount: 0, runningCount: 0 });
});

test("tasks follow when the scene says so", async () => {
  const told: number[] = [];
  const { service, update, seen } = scene(({ desiredCount }) => void told.push(desiredCount));
  await update(5);
  expect(await seen()).toMatchObject({ desiredCount: 5, runningCount: 2, pendingCount: 3 });
  Object.assign(service, { runningCount: 5, pendingCount: 0 });
  await update(4);
  expect(await seen()).toMatchObject({ desiredCount: 4, runningCount: 5, pendingCount: 0 });
  expect(told).toEqual([5, 4]);
});

test.each(["DRAINING", "INACTIVE"] as const)("a service that is %s is shown, and changed no more", async (status) => {
  const { service, update, seen } = scene();
  service.status = status;
  expect(await seen()).toMatchObject({ desiredCount: 2, status });
  await expect(update(3)).rejects.toBeInstanceOf(ServiceNotActiveException);
});

test("a daemon runs everywhere, so nobody says how often", async () => {
  const { service, update } = scene();
  service.schedulingStrategy = "DAEMON";
  await expect(update(3)).rejects.toBeInstanceOf(InvalidParameterException);
});

test("what else could be included is not simulated, and is named", async () => {
  const { ecs } = scene();
  const asked = ecs.send(
    new DescribeServicesCommand({ cluster: "shop", services: ["checkout"], include: ["OTHER" as "TAGS"] }),
  );
  await expect(asked).rejects.toThrow("the simulated ECS does not implement to include OTHER");
});

test("a service that was never put is nobody's to change", () => {
  expect(() => scene().ecs.service("shop", "gone")).toThrow(Broken);
});
