import { describe, expect, test } from "vitest";
import { isDue } from "../../functions/evaluate-scaling/cadence.ts";
import { minute } from "../../shared/instant.ts";
import { monthlyCost } from "../../shared/scaling/metrics.ts";
import type { ScaledAccount } from "../../simulation/scaled-account.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  idle,
  kept,
  measure,
  pass,
  production,
  remembered,
  start,
  toldDecisions,
} from "./scene.ts";

const looks = (account: ScaledAccount) => account.calls.get("GetMetricData") ?? 0;
const far = { cpu: 35, memory: 35 };

describe("how often a target is looked at", () => {
  test("each five minutes while it is far from scaling out and there is nothing to scale in", async () => {
    const account = await createScene();
    measure(account, far);
    await account.tick();
    expect(remembered(account)?.everyMinutes).toBe(5);
    await pass(account, 20, far);
    expect(looks(account)).toBe(1 + 4);
  });

  test("each minute at once when it is near again", async () => {
    const account = await createScene();
    measure(account, far);
    await account.tick();
    await pass(account, 10, { cpu: 60, memory: 35 });
    expect(remembered(account)?.everyMinutes).toBe(1);
    const before = looks(account);
    await pass(account, 5, { cpu: 60, memory: 35 });
    expect(looks(account)).toBe(before + 5);
  });

  test("each minute while it waits to be scaled in, and not any more at its minimum", async () => {
    const account = await createScene(configurationWith({ targets: { checkout: { minimum: 3 } } }));
    measure(account, idle);
    await pass(account, 5, idle);
    expect(looks(account)).toBe(5);
    await pass(account, 25, idle);
    expect(toldDecisions(account).at(-1)).toBe("hold checkout: minimum");
    expect(remembered(account)?.everyMinutes).toBe(5);
  });

  test("each minute where points are missing, unless it means that a queue sleeps", async () => {
    const queue = {
      ...{ namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: "orders" } },
      ...{ statistic: "Maximum", periodSeconds: 60 },
    };
    for (const [absence, every] of [
      ["unknown", 1],
      ["idle", 5],
    ] as const) {
      const metrics = { cpu: {}, queue: { ...queue, absence } };
      const account = await createScene(configurationWith({ targets: { checkout: { metrics } } }));
      measure(account, far);
      await account.tick();
      expect(remembered(account)?.everyMinutes).toBe(every);
    }
  });

  test("is spread over the minutes by its name", () => {
    const minutes = [0, 1, 2, 3, 4].map((index) => start + index * minute);
    const names = Array.from({ length: 1_000 }, (_, index) => `service-${index}`);
    const due = minutes.map((at) => names.filter((name) => isDue(name, 5, at, production)).length);
    expect(due.reduce((sum, each) => sum + each, 0)).toBe(1_000);
    for (const each of due) expect(each).toBeGreaterThan(150);
  });
});

test("what looking costs is known beforehand: ten thousand targets with three metrics, each minute and as seldom as may be", () => {
  const { perThousandMetrics } = production.scaling.price;
  expect(monthlyCost(30_000, 1, perThousandMetrics)).toBe(12_960);
  expect(monthlyCost(30_000, 5, perThousandMetrics)).toBe(2_592);
});

describe("what is kept", () => {
  test("is a decision that differs from the one before, for ninety days", async () => {
    const account = await createScene();
    measure(account, calm);
    await account.tick();
    await pass(account, 30, calm);
    const [only, ...others] = kept(account);
    expect(others).toEqual([]);
    expect(only?.decision).toMatchObject({ verdict: "hold", reason: null });
    const row = [...account.dynamodb.items("decisions")].find(({ sk }) => sk?.S?.startsWith("decision#"));
    expect(row?.expiresAt?.N).toBe(String((start + 90 * 24 * 60 * minute) / 1_000));
  });

  test("and not each minute of a long one: nothing is written while nothing changes", async () => {
    const account = await createScene();
    measure(account, calm);
    await account.tick();
    const before = account.calls.get("TransactWriteItems");
    await pass(account, 30, calm);
    expect(account.calls.get("TransactWriteItems")).toBe(before);
    await pass(account, 12, busy);
    expect(toldDecisions(account)).toEqual(["hold checkout", "hold checkout: not-sustained", "out checkout 4 to 5"]);
  });
});
