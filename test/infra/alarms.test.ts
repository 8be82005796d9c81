import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ownAlarms } from "../../infra/alarms.ts";
import { operations } from "../../shared/operations.ts";
import { root } from "../tidy/source.ts";
import { resources, synthesise } from "./synthesis.ts";

const runbook = "https://example.com/operating";
const { template } = synthesise({ environment: "staging", runbook });
const alarms = resources(template, "AWS::CloudWatch::Alarm");
const guide = readFileSync(join(root, "docs/operating.md"), "utf8");
const section = guide.split("\n## The alarms\n")[1] ?? "";
const headings = section.split("\n").filter((line) => line.startsWith("### "));
const idOf = (name: unknown) => String(name).replace("nightshift-staging-", "");
const named = (id: string) => alarms.find(([, { Properties }]) => idOf(Properties.AlarmName) === id)?.[1].Properties;

describe("our own alarms", () => {
  test("are those of the list, and no others", () => {
    const deployed = alarms.map(([, { Properties }]) => idOf(Properties.AlarmName));
    expect(deployed.toSorted()).toEqual(ownAlarms.map(({ id }) => id).toSorted());
  });

  test.each(ownAlarms)("$id has its heading in docs/operating.md, with something below it", ({ heading }) => {
    expect(headings.filter((each) => each === heading)).toEqual([heading]);
    const below = guide.split(`${heading}\n`)[1]?.split("\n### ")[0] ?? "";
    expect(below.length).toBeGreaterThan(200);
  });

  test("and no heading is left over", () => {
    expect(headings.filter((each) => !ownAlarms.some(({ heading }) => heading === each))).toEqual([]);
  });

  test.each(alarms)(
    "%s tells where its runbook stands, and acts on the operators' topic directly",
    (_, { Properties }) => {
      expect(Properties.AlarmDescription).toContain(`${runbook}#${idOf(Properties.AlarmName)}`);
      const action = [{ Ref: expect.stringMatching(/^OperatorsTopic/) }];
      expect(Properties).toMatchObject({ AlarmActions: action, OKActions: action });
    },
  );

  test.each(operations)("$name is watched for errors, throttles and dead letters", ({ name }) => {
    expect(named(`${name}-errors`)).toMatchObject({ MetricName: "Errors", TreatMissingData: "notBreaching" });
    expect(named(`${name}-throttles`)).toMatchObject({ MetricName: "Throttles", Namespace: "AWS/Lambda" });
    expect(named(`${name}-dead-letters`)).toMatchObject({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });

  const swept = operations.filter(({ trigger }) => trigger.includes("every minute")).map(({ name }) => name);
  const saidBy: Record<string, string> = { "evaluate-scaling": "scaling planned" };
  const beats: [operation: string, says: string, everyMinutes: number][] = [
    ...swept.map((name): [string, string, number] => [name, saidBy[name] ?? "sweep complete", 1]),
    ["audit-secrets", "audit complete", 60],
    ["heal-rotations", "sweep complete", 5],
    ["verify-backups", "backups verified", 60],
  ];

  test.each(beats)("%s must say %j in three times the %d minutes between two runs", (operation, says, everyMinutes) => {
    const heartbeat = named(`${operation}-heartbeat`);
    expect(heartbeat).toMatchObject({
      Namespace: "Nightshift/staging",
      MetricName: `${operation}-heartbeats`,
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Period: everyMinutes * 60,
      TreatMissingData: "breaching",
    });
    template.hasResourceProperties("AWS::Logs::MetricFilter", {
      FilterPattern: `{ $.message = "${says}" }`,
      MetricTransformations: [
        { MetricName: `${operation}-heartbeats`, MetricNamespace: "Nightshift/staging", MetricValue: "1" },
      ],
    });
  });
});
