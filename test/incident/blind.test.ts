import { InvalidNextToken } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { run } from "../../functions/escalate-incidents/run.ts";
import { day, minute, second } from "../../shared/instant.ts";
import { type Blindness, blindKey } from "../../shared/intake/blindness.ts";
import type { AlarmRecord } from "../../simulation/aws/cloudwatch-alarms.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createStage, incidents, incidentUnder, paged, policyWith, story } from "./stage.ts";
import { account, arnOf, at, blinds, change, fires, region, start } from "./stories.ts";

// An alarm that cannot do its work says nothing of it: the sweep looks at every alarm of the account once in each cadence.

const alarm = (name: string, how: Partial<AlarmRecord> = {}): AlarmRecord => ({
  ...{ arn: arnOf(name), name, type: "MetricAlarm", state: "OK", stateAt: start, updatedAt: start },
  ...{ reason: "", actionsEnabled: true, tags: {} },
  ...how,
});
const starved = { state: "INSUFFICIENT_DATA", stateAt: at(-24 * 60), updatedAt: at(-24 * 60) } as const;
const hindrances: [Blindness, Partial<AlarmRecord>][] = [
  ["blind-alarm", starved],
  ["evaluation-error", { evaluationState: "EVALUATION_ERROR" }],
  ["evaluation-error", { evaluationState: "EVALUATION_FAILURE" }],
  ["evaluation-error", { evaluationState: "PARTIAL_DATA" }],
  ["disabled-actions", { actionsEnabled: false }],
];

describe.each(hindrances)("%s, seen as %o,", (blindness, how) => {
  const key = blindKey(blindness, arnOf("cpu"));

  test("is a P3 finding of its own, and no page at night", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(alarm("cpu", how));
    stage.world.cloudwatch.put(alarm("healthy"));
    await stage.sweepAt(at(0));
    expect(incidents(stage.world)).toMatchObject([{ key, kind: "finding", severity: "P3", status: "open" }]);
    expect(paged(stage.world)).toEqual([]);
  });

  test("is raised once, however often it is looked at", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(alarm("cpu", how));
    for (const hours of [0, 1, 2, 3]) await stage.sweepAt(at(hours * 60));
    expect(incidents(stage.world)).toHaveLength(1);
    expect(incidentUnder(stage.world, key).entries).toBe(1);
  });

  test("is resolved by the sweep that sees it mended", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(alarm("cpu", how));
    await stage.sweepAt(at(0));
    stage.world.cloudwatch.put(alarm("cpu"));
    await stage.sweepAt(at(1));
    expect(incidentUnder(stage.world, key)).toMatchObject({ status: "resolved", resolvedAt: at(1) });
  });

  test("is resolved when the alarm is gone for two sweeps", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(alarm("cpu", how));
    await stage.sweepAt(at(0));
    stage.world.cloudwatch.remove(arnOf("cpu"));
    await stage.sweepAt(at(1));
    expect(incidentUnder(stage.world, key).status).toBe("open");
    await stage.sweepAt(at(2));
    expect(incidentUnder(stage.world, key).status).toBe("resolved");
  });

  test("that a person resolved stays so, until it was mended and comes again", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(alarm("cpu", how));
    await stage.sweepAt(at(0));
    await stage.person(at(1), key, { type: "resolve", by: "Ada", text: "it is known" });
    await stage.sweepAt(at(60));
    expect(incidents(stage.world)).toMatchObject([{ status: "resolved" }]);
    stage.world.cloudwatch.put(alarm("cpu"));
    await stage.sweepAt(at(120));
    stage.world.cloudwatch.put(alarm("cpu", how));
    await stage.sweepAt(at(300));
    expect(incidentUnder(stage.world, key).status).toBe("open");
  });
});

test("each way of being blind is a finding of its own", async () => {
  const stage = await createStage();
  stage.world.cloudwatch.put(
    alarm("cpu", { ...starved, evaluationState: "EVALUATION_ERROR", actionsEnabled: false, type: "LogAlarm" }),
  );
  await stage.sweepAt(at(0));
  const about = (blindness: Blindness) => blindKey(blindness, arnOf("cpu"));
  const keys = [about("blind-alarm"), about("disabled-actions"), about("evaluation-error")];
  expect(incidents(stage.world).map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
  expect(incidents(stage.world)).toHaveLength(3);
});

test("a composite alarm with disabled actions is found too", async () => {
  const stage = await createStage();
  stage.world.cloudwatch.put(
    alarm("any", { type: "CompositeAlarm", alarmRule: 'ALARM("cpu")', actionsEnabled: false }),
  );
  await stage.sweepAt(at(0));
  expect(incidents(stage.world)).toHaveLength(1);
});

test("no data for less than a day is nothing yet", async () => {
  const stage = await createStage();
  stage.world.cloudwatch.put(alarm("cpu", { ...starved, stateAt: at(1 - 24 * 60) }));
  await stage.sweepAt(at(0));
  expect(incidents(stage.world)).toEqual([]);
});

test("the whole account is looked at once in a cadence, and not more often", async () => {
  const stage = await createStage({
    configuration: policyWith({ findings: { cadences: { "escalate-incidents": 30 } } }),
  });
  await stage.sweepAt(at(0));
  stage.world.cloudwatch.put(alarm("cpu", { actionsEnabled: false }));
  await stage.sweepAt(at(29));
  expect(incidents(stage.world)).toEqual([]);
  await stage.sweepAt(at(30));
  expect(incidents(stage.world)).toHaveLength(1);
});

test("alarms that the configuration names are left out", async () => {
  const configuration = policyWith({ incidents: { blindIgnores: ["TargetTracking-*", "cpu"] } });
  const stage = await createStage({ configuration });
  for (const name of ["TargetTracking-table/ledger-AlarmLow", "cpu", "cpu-of-another"]) {
    stage.world.cloudwatch.put(alarm(name, { actionsEnabled: false }));
  }
  await stage.sweepAt(at(0));
  expect(incidents(stage.world).map(({ key }) => key)).toEqual([blindKey("disabled-actions", arnOf("cpu-of-another"))]);
});

test("an alarm that was red and let go has one finding, not two", async () => {
  const stage = await createStage();
  await stage.tell(fires("cpu", at(0)), blinds("cpu", at(10), { previous: "ALARM" }));
  await stage.until(at(90) + day);
  await stage.sweepAt(at(200) + day);
  const found = incidents(stage.world).filter(({ kind }) => kind === "finding");
  expect(found).toMatchObject([{ key: blindKey("blind-alarm", arnOf("cpu")), status: "open" }]);
});

test("an alarm of another account that was let go and is deleted leaves no finding behind", async () => {
  const world = await story(
    [fires("cpu", at(0)), blinds("cpu", at(10), { previous: "ALARM" }), change("cpu", "delete", at(60) + day)],
    { until: at(120) + day },
  );
  expect(incidentUnder(world, blindKey("blind-alarm", arnOf("cpu"))).status).toBe("resolved");
});

test("a replay knows of no alarm but what was delivered, and audits none", async () => {
  const world = await story([blinds("cpu", at(0)), fires("other", at(1) + 2 * day)], { until: at(0) + 4 * day });
  expect(incidents(world).filter(({ kind }) => kind === "finding")).toEqual([]);
});

describe("an account of many alarms", () => {
  const count = 250;

  test("is looked at page by page, and the sweep that has no time left leaves the rest to the next", async () => {
    const { world, sweep, asked } = await accountOf(count);
    await sweep(at(0), 25);
    // The second page has come when three quarters of the time are gone: of it the first alarms are looked at.
    expect(asked).toEqual([undefined, expect.any(String)]);
    expect(incidents(world)).toHaveLength(133);
    await sweep(at(2), 1);
    expect(asked.slice(2)).toEqual([asked[1], expect.any(String)]);
    expect(incidents(world)).toHaveLength(count);
    await sweep(at(4), 1);
    expect(asked).toHaveLength(4);
  });

  test("is looked at from the beginning when CloudWatch has forgotten its token", async () => {
    const { world, sweep, asked, forget } = await accountOf(count);
    await sweep(at(0), 25);
    forget();
    await sweep(at(2), 1);
    expect(asked.slice(2, 4)).toEqual([expect.any(String), undefined]);
    expect(incidents(world)).toHaveLength(count);
  });
});

/** An account whose alarms all have their actions disabled, and a sweep of a minute in which each page of them takes so many seconds. */
async function accountOf(alarms: number) {
  const { world } = await createStage();
  for (let index = 0; index < alarms; index++) {
    world.cloudwatch.put(alarm(`alarm-${String(index).padStart(3, "0")}`, { actionsEnabled: false }));
  }
  const asked: (string | undefined)[] = [];
  const state = { forgets: false, seconds: 0 };
  const send = (async (command: { input: { AlarmNames?: string[]; StateValue?: string; NextToken?: string } }) => {
    const { AlarmNames, StateValue, NextToken } = command.input;
    if (AlarmNames === undefined && StateValue === undefined) {
      asked.push(NextToken);
      world.clock.set(world.clock.now() + state.seconds * second);
      if (state.forgets && NextToken !== undefined) {
        state.forgets = false;
        throw new InvalidNextToken({ message: "expired", $metadata: {} });
      }
    }
    return world.cloudwatch.send(command as never);
  }) as typeof world.cloudwatch.send;
  return {
    world,
    asked,
    forget: () => {
      state.forgets = true;
    },
    async sweep(when: number, seconds: number): Promise<void> {
      world.clock.set(when);
      state.seconds = seconds;
      await run(
        {},
        {
          ...{ account, region, ledger: world.dynamodb, table: ledgerTable, cloudwatch: { send } },
          ...{ configuration: world.configuration, log: world.collected.log, pause: async () => {} },
          ...{ now: world.clock.now, deadline: () => when + minute },
        },
      );
    },
  };
}
