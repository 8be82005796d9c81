import { describe, expect, test } from "vitest";
import { dotted } from "../../shared/configuration/path.ts";
import { scalingProblems } from "../../shared/configuration/scaling.ts";
import { configurationWith } from "../scaling/scene.ts";

/** What is wrong with the policy when it is changed so, each with its place. */
function problemsOf(scaling: object, mode: "act" | "recommend" = "act"): string[] {
  return scalingProblems(configurationWith(scaling, mode)).map(({ path, reason }) => `${dotted(path)} ${reason}`);
}

const queue = { namespace: "AWS/SQS", metric: "Depth", statistic: "Maximum", periodSeconds: 60, absence: "idle" };
const service = { type: "ecs-service", cluster: "shop", service: "search", maximum: 9 };

test("the policy as it is has no problem", () => {
  expect(problemsOf({})).toEqual([]);
});

describe("a rule", () => {
  test.each([30, 70, 71])(
    "may not call the same load both too little and too much: in below %i, out above 30",
    (below) => {
      const problems = problemsOf({ rules: { cpu: { out: { above: 30, minutes: 10 }, in: { below, minutes: 30 } } } });
      expect(problems).toContain(
        "scaling.rules.cpu.in.below must be less than out.above (30), or the same load is both too much and too little",
      );
    },
  );

  test("may not want more points than there are minutes", () => {
    expect(problemsOf({ rules: { queue: { out: { above: 100, minutes: 3, points: 4 } } } })).toEqual([
      "scaling.rules.queue.out.points must not exceed out.minutes (3): there is one point in a minute",
    ]);
  });

  test("may not have a margin in which nothing is ever scaled in", () => {
    expect(problemsOf({ projectionMargin: 75 })).toEqual([
      expect.stringMatching(/^scaling.projectionMargin must be less than scaling.rules.cpu.out.above \(70\)/),
    ]);
  });
});

describe("a target", () => {
  test("may not have a minimum above its maximum, also where the minimum is the policy's", () => {
    expect(problemsOf({ targets: { checkout: { minimum: 11 } } })).toEqual([
      "scaling.targets.checkout.maximum must not be less than minimum (11)",
    ]);
    expect(problemsOf({ minimum: 10, targets: { search: service } })).toEqual([
      "scaling.targets.search.maximum must not be less than minimum (10)",
    ]);
  });

  test("that acts must have a maximum", () => {
    const { maximum: _, ...endless } = service;
    const problem = "scaling.targets.search must have a maximum: it acts, and nothing else would stop it";
    expect(problemsOf({ targets: { search: endless } })).toEqual([problem]);
    expect(problemsOf({ targets: { search: { ...endless, mode: "act" } } }, "recommend")).toEqual([problem]);
    expect(problemsOf({ targets: { search: endless } }, "recommend")).toEqual([]);
    expect(problemsOf({ targets: { search: { ...endless, mode: "recommend" } } })).toEqual([]);
  });

  test("may not name a metric that has no rule, and is told which one was meant", () => {
    expect(problemsOf({ targets: { search: { ...service, metrics: { cpu: {}, queu: queue } } } })).toEqual([
      expect.stringMatching(/^scaling.targets.search.metrics.queu no rule of scaling.rules has this name.*queue/),
    ]);
  });

  test("must say of a metric what its type does not", () => {
    const { statistic: _, absence: __, ...incomplete } = queue;
    expect(problemsOf({ targets: { search: { ...service, metrics: { queue: incomplete } } } })).toEqual([
      "scaling.targets.search.metrics.queue must also state statistic, absence: its type has no metric of this name",
    ]);
    expect(problemsOf({ targets: { search: { ...service, metrics: { queue } } } })).toEqual([]);
  });

  test("must have a metric", () => {
    const reads = { type: "scalable-target", namespace: "dynamodb", resource: "table/a", dimension: "x", maximum: 9 };
    for (const target of [reads, { ...service, metrics: {} }, { type: "metric", metrics: {} }]) {
      expect(problemsOf({ targets: { search: target } })).toEqual([
        "scaling.targets.search.metrics must name at least one metric: nothing is known of it otherwise",
      ]);
    }
  });
});

describe("what is tagged", () => {
  test("is held to the same", () => {
    const tagged = { key: "scaling", value: "small" };
    expect(problemsOf({ tagged: { small: tagged } })).toEqual([
      "scaling.tagged.small must have a maximum: it acts, and nothing else would stop it",
    ]);
    expect(problemsOf({ tagged: { small: { ...tagged, maximum: 4, metrics: { cpu: {}, queue } } } })).toEqual([]);
    expect(problemsOf({ tagged: { small: { ...tagged, maximum: 4, minimum: 5 } } })).toHaveLength(1);
  });
});

describe("the calendar", () => {
  const floor = { name: "mornings", targets: "*", from: "08:00", to: "18:00", minimum: 6 };

  test("may not ask for more than a target's maximum", () => {
    expect(
      problemsOf({ floors: [{ ...floor, minimum: 11 }], targets: { search: { ...service, maximum: 20 } } }),
    ).toEqual(["scaling.floors[0].minimum must not exceed the maximum of scaling.targets.checkout (10)"]);
  });

  test("may not have two entries of one name", () => {
    expect(problemsOf({ floors: [floor, floor] })).toEqual([
      "scaling.floors[1].name scaling.floors[0] has this name already",
    ]);
  });
});

test("waiting at the least for longer than at the most is a problem", () => {
  expect(problemsOf({ stabilisation: { shortestMinutes: 2_000 } })).toHaveLength(1);
});
