import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseArguments } from "../../cli/arguments.ts";
import { backtestThrough } from "../../cli/commands/backtest.ts";
import { report } from "../../cli/ending.ts";
import type { ScalingCloud } from "../../cli/scaling.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { day, minute } from "../../shared/instant.ts";
import { createAutoScaling } from "../../simulation/aws/auto-scaling.ts";
import { createCloudWatch } from "../../simulation/aws/cloudwatch.ts";
import { createTagging } from "../../simulation/aws/tagging.ts";
import { onTerminal } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nightshift-target-"));
afterAll(() => rmSync(folder, { recursive: true }));

const now = Date.UTC(2026, 4, 31, 12, 0, 20);
const service = { ClusterName: "shop", ServiceName: "checkout" };

const local = join(folder, "local.yml");
writeFileSync(
  local,
  `scaling:
  targets:
    checkout: { type: ecs-service, cluster: shop, service: checkout, minimum: 2, maximum: 8, metrics: { cpu: {} } }
    jobs:
      type: ecs-service
      cluster: shop
      service: jobs
      metrics:
        queue: { namespace: AWS/SQS, metric: Visible, dimensions: { QueueName: jobs }, statistic: Maximum, periodSeconds: 60, absence: idle }
  freezes:
    - { name: release-night, targets: checkout, dates: ["2026-05-30"], from: "00:00", to: "23:59" }
`,
);
const tasks = join(folder, "tasks.csv");
writeFileSync(tasks, "2026-05-30 00:00:00,4\n");

const { configuration } = loadConfiguration("production", { localFile: local });

/** An account in which checkout's processor is so busy, minute by minute, for so many days. */
function account(days: number, valueAt: (minutesAgo: number) => number | null) {
  const cloudwatch = createCloudWatch({ account: "111122223333", region: "eu-central-1", now: () => now });
  const last = Math.floor(now / minute) - 1;
  for (let ago = days * 24 * 60; ago >= 0; ago -= 1) {
    const value = valueAt(ago);
    const at = (last - ago) * minute;
    if (value === null) continue;
    cloudwatch.metrics.put({ namespace: "AWS/ECS", metric: "CPUUtilization", dimensions: service, at, value });
  }
  const cloud: ScalingCloud = {
    ...{ account: "111122223333", region: "eu-central-1", configuration, ledger: null, decisions: null },
    observers: { cloudwatch } as unknown as ScalingCloud["observers"],
    now: () => now,
  };
  return { cloud, cloudwatch };
}

async function tested({ cloud }: { cloud: ScalingCloud }, ...words: string[]) {
  const command = backtestThrough(async () => cloud);
  const ended = await onTerminal(async (terminal) => {
    try {
      return await command.run(parseArguments(command, words), terminal);
    } catch (error) {
      return report(error, terminal);
    }
  });
  return { ...ended, document: ended.code === 0 && words.includes("--json") ? JSON.parse(ended.output) : null };
}

describe("a target, with what CloudWatch keeps of its metrics", () => {
  test("of a fortnight is read minute by minute, with its own bounds", async () => {
    const busy = account(2, (ago) => (ago < 700 && ago >= 685 ? 90 : 50));
    const { code, document, errors } = await tested(busy, "--target", "checkout", "--days", "14", "--json");
    expect(code).toBe(0);
    expect(document.metrics[0]).toMatchObject({ source: "AWS/ECS CPUUtilization Average", stepSeconds: 60, gaps: 0 });
    expect(document.capacity).toMatchObject({ minimum: 2, maximum: 8, initial: 4 });
    expect(document.summary).toMatchObject({ out: 2, in: 0, reversals: 0 });
    expect(errors).not.toContain("mixed resolution");
  });

  test("of a month is read at five minutes, which is told", async () => {
    const { document, errors } = await tested(
      account(20, () => 50),
      "--target",
      "checkout",
      "--json",
    );
    expect(errors).toContain(
      "nightshift: cpu: mixed resolution: CloudWatch keeps one-minute points for 15 days and five-minute points for 63; all 30 days are read at 5 minutes instead of 1; --days 15 reads the last ones as they are\n",
    );
    expect(document.metrics[0]).toMatchObject({ stepSeconds: 300, gaps: 0 });
    expect(document.points).toBeGreaterThan(20 * 288 - 10);
  });

  test("is held by its own calendar", async () => {
    const from = Math.floor((now - Date.UTC(2026, 4, 30, 10)) / minute);
    const { document } = await tested(
      account(3, (ago) => (ago <= from && ago > from - 60 ? 90 : 50)),
      "--target",
      "checkout",
      "--days",
      "3",
      "--json",
    );
    expect(document.summary.out).toBe(0);
    expect(document.summary.held.freeze).toBeGreaterThan(40);
  });

  test("minutes without a point are gaps, and never scale in", async () => {
    const { document } = await tested(
      account(1, (ago) => (ago % 20 === 3 ? null : 20)),
      "--target",
      "checkout",
      "--days",
      "1",
      "--json",
    );
    expect(document.gaps).toBeGreaterThan(60);
    expect(document.summary).toMatchObject({ in: 0, wrongIn: 0 });
    expect(document.comparisons.latestPoint.in).toBeGreaterThan(0);
  });

  test("is shown to people too", async () => {
    const { output, code } = await tested(
      account(1, () => 50),
      "--target",
      "checkout",
      "--days",
      "1",
    );
    expect(code).toBe(0);
    expect(output).toMatch(/^cpu +ECS CPUUtilization Average +2026-05-30/m);
  });
});

test("a rule whose metric has no source is unknown, as it is live, and never scales in", async () => {
  const local = join(folder, "tagged.yml");
  const tagged = "{ key: stage, value: live, minimum: 1, maximum: 8, metrics: { cpu: {}, memory: {} } }";
  writeFileSync(local, `scaling: { tagged: { groups: ${tagged} } }\n`);
  const { cloud, cloudwatch } = account(0, () => null);
  const groups = createAutoScaling({ account: cloud.account, region: cloud.region, now: cloud.now });
  groups.put("web", { tags: { stage: "live" } });
  const identity = { namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: "web" } };
  for (let ago = day / minute; ago >= 0; ago -= 5) {
    cloudwatch.metrics.put({ ...identity, at: Math.floor(now / (5 * minute)) * 5 * minute - ago * minute, value: 5 });
  }
  const observers = { ...cloud.observers, groups, tagging: createTagging() } as unknown as ScalingCloud["observers"];
  const { configuration: own } = loadConfiguration("production", { localFile: local });
  const words = ["--target", "web", "--days", "1", "--json"];
  const { document, errors } = await tested({ cloud: { ...cloud, configuration: own, observers } }, ...words);
  expect(errors).toContain("nightshift: memory: nobody has stated its source: its rule is unknown throughout\n");
  expect(document.metrics.map(({ metric }: { metric: string }) => metric)).toEqual(["cpu"]);
  expect(document.summary).toMatchObject({ in: 0, out: 0 });
  expect(document.summary.unknown + (document.summary.held["missing-data"] ?? 0)).toBeGreaterThan(200);
});

describe("what cannot be tested is told in one line", () => {
  const empty = account(0, () => null);
  test.each<[string[], number, string]>([
    [["--target", "chekout"], 2, 'no target is named "chekout"; did you mean "checkout"?'],
    [
      ["--target", "checkout"],
      2,
      'CloudWatch has no point of "checkout" in the last 30 days (AWS/ECS CPUUtilization Average)',
    ],
    [["--target", "checkout", "--metric", "cpu=x.csv"], 2, "--metric and --target exclude each other"],
    [["--target", "checkout", "--days", "500"], 2, '--days "500" must be a whole number from 1 to 455'],
    [["--target", "checkout", "--capacity", tasks, "--svg", `${folder}/./tasks.csv`], 2, "would overwrite a recording"],
    [["--days", "5"], 2, "--days is about a target: --target NAME --days N"],
    [["--target", "checkout", "--maximum", "1"], 2, "--minimum 2 is more than --maximum 1"],
  ])("%j", async (words, exit, line) => {
    const { code, errors, output } = await tested(empty, ...words);
    expect({ code, output }).toEqual({ code: exit, output: "" });
    expect(errors.trimEnd().split("\n")).toHaveLength(1);
    expect(errors).toContain(line);
  });

  test("what CloudWatch does not say completely is not taken for all", async () => {
    const partial = account(1, () => 50);
    partial.cloudwatch.metrics.fail = () => "InternalError";
    const { code, errors } = await tested(partial, "--target", "checkout", "--days", "1");
    expect(code).toBe(3);
    expect(errors).toContain("cpu: CloudWatch says InternalError");
  });
});

test("an idle queue that nothing else vouches for is not scaled in, as the live target is not", async () => {
  const { cloud, cloudwatch } = account(0, () => null);
  for (let ago = day / minute; ago >= 0; ago -= 1) {
    if (ago % 10 !== 0) continue;
    const at = (Math.floor(now / minute) - 1 - ago) * minute;
    cloudwatch.metrics.put({
      namespace: "AWS/SQS",
      metric: "Visible",
      dimensions: { QueueName: "jobs" },
      at,
      value: 2,
    });
  }
  const { document } = await tested({ cloud }, "--target", "jobs", "--days", "1", "--json");
  expect(document.summary).toMatchObject({ in: 0, wrongIn: 0 });
  expect(document.summary.held["missing-data"]).toBeGreaterThan(1_000);
});
