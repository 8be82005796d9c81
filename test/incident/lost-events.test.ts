import { InternalServerError, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { run } from "../../functions/escalate-incidents/run.ts";
import type { AlarmState } from "../../shared/delivery/types.ts";
import { type Instant, minute } from "../../shared/instant.ts";
import { blindKey } from "../../shared/intake/blindness.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createStage, incidents, only, paged } from "./stage.ts";
import { account, action, arnOf, at, blinds, clears, fires, region } from "./stories.ts";

// Whatever event is lost, the sweep compares with CloudWatch, and heals it.

const arn = arnOf("cpu");
const shown = (state: AlarmState, stateAt: Instant) => ({
  ...{ arn, name: "cpu", type: "MetricAlarm" as const, state, stateAt, updatedAt: stateAt },
  ...{ reason: "Threshold Crossed", actionsEnabled: true, tags: { "nightshift:tier": "high" } },
});

describe("a lost event", () => {
  test("of an ALARM is healed: it opens with the state's own stamp, and pages", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(shown("ALARM", at(0)));
    await stage.sweepAt(at(2));
    expect(only(stage.world)).toMatchObject({ openedAt: at(0), severity: "P1" });
    expect(paged(stage.world)).toEqual(["+2 opened P1 operations-1"]);
  });

  test("that was only late is a duplicate then", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(shown("ALARM", at(0)));
    await stage.sweepAt(at(2));
    await stage.tell(fires("cpu", at(0)));
    expect(stage.world.collected.deliveries).toMatchObject({ received: 1, duplicates: 1 });
    expect(paged(stage.world)).toHaveLength(1);
  });

  test("of an OK is healed: the stability window counts from the state's own stamp", async () => {
    const stage = await createStage({ tags: { [arn]: { "nightshift:tier": "high" } } });
    await stage.tell(fires("cpu", at(0)));
    stage.world.cloudwatch.put(shown("OK", at(3)));
    await stage.sweepAt(at(7));
    await stage.sweepAt(at(8));
    expect(only(stage.world)).toMatchObject({ status: "resolved", resolution: "recovered", resolvedAt: at(8) });
  });

  test("of OK and ALARM both is healed by the one sweep that sees them", async () => {
    const stage = await createStage({ tags: { [arn]: { "nightshift:tier": "high" } } });
    await stage.tell(fires("cpu", at(0)), clears("cpu", at(1)));
    stage.world.cloudwatch.put(shown("ALARM", at(3)));
    await stage.sweepAt(at(5));
    expect(only(stage.world).status).toBe("open");
    await stage.sweepAt(at(30));
    expect(only(stage.world).status).toBe("open");
  });

  test("of the ALARM after INSUFFICIENT_DATA is healed: it is not taken for blind", async () => {
    const stage = await createStage({ tags: { [arn]: { "nightshift:tier": "high" } } });
    await stage.tell(fires("cpu", at(0)), blinds("cpu", at(10)));
    stage.world.cloudwatch.put(shown("ALARM", at(20)));
    await stage.sweepAt(at(22));
    await stage.sweepAt(at(25 * 60));
    expect(only(stage.world)).toMatchObject({ status: "open" });
  });

  test("is not assumed for a minute, because the event may be on its way", async () => {
    const stage = await createStage();
    stage.world.cloudwatch.put(shown("ALARM", at(1, 30)));
    await stage.sweepAt(at(2));
    expect(incidents(stage.world)).toEqual([]);
    await stage.sweepAt(at(3));
    expect(incidents(stage.world)).toHaveLength(1);
  });

  test("is none where the event came: a sweep changes nothing", async () => {
    const stage = await createStage({ tags: { [arn]: { "nightshift:tier": "high" } } });
    await stage.tell(fires("cpu", at(0)));
    const before = structuredClone(incidents(stage.world));
    for (const minutes of [1, 2, 3, 4]) await stage.sweepAt(at(minutes));
    expect(incidents(stage.world)).toEqual(before);
    expect([...stage.world.collected.complaints.keys()]).toEqual([]);
  });
});

describe("an alarm that cannot be taken in", () => {
  const bad = arnOf("aaa");
  const refusing = async () => {
    const { world } = await createStage();
    const send = (async (command: { input: object }) => {
      if (command instanceof TransactWriteItemsCommand && JSON.stringify(command.input).includes(bad)) {
        throw new InternalServerError({ message: "not this one", $metadata: {} });
      }
      return world.dynamodb.send(command as never);
    }) as typeof world.dynamodb.send;
    const sweep = (when: Instant) => {
      world.clock.set(when);
      const { cloudwatch, configuration, clock, collected } = world;
      return run(
        {},
        {
          ...{ account, region, ledger: { send }, table: ledgerTable, cloudwatch, configuration, now: clock.now },
          ...{ log: collected.log, pause: async () => {}, deadline: () => when + minute },
        },
      );
    };
    return { world, sweep };
  };

  test("holds up no other, and the sweep says that it failed", async () => {
    const { world, sweep } = await refusing();
    world.cloudwatch.put({ ...shown("ALARM", at(0)), arn: bad, name: "aaa", actionsEnabled: false });
    world.cloudwatch.put({ ...shown("ALARM", at(0)), actionsEnabled: false });
    await expect(sweep(at(2))).rejects.toThrow(/the sweep is incomplete, 2 failures, the first of them: .*alarm:aaa/);
    expect(incidents(world).map(({ key }) => key)).toEqual([arn, blindKey("disabled-actions", arn)]);
  });

  test("does not keep a deleted alarm's incident open", async () => {
    const { world, sweep } = await refusing();
    world.cloudwatch.put(shown("ALARM", at(0)));
    await sweep(at(2));
    world.cloudwatch.remove(arn);
    world.cloudwatch.put({ ...shown("ALARM", at(2)), arn: bad, name: "aaa" });
    for (const minutes of [4, 5, 12]) await sweep(at(minutes)).catch(() => {});
    expect(only(world)).toMatchObject({ key: arn, status: "resolved", resolution: "deleted" });
  });
});

test("an alarm's action may invoke the function itself, without a queue", async () => {
  const { world } = await createStage();
  expect(await world.open(action("cpu", "ALARM", at(0)))).toEqual({ batchItemFailures: [] });
  expect(only(world)).toMatchObject({ key: arn, openedAt: at(0) });
});
