import { describe, expect, test } from "vitest";
import { createStage, incidents, incidentUnder, only, paged, story } from "./stage.ts";
import { account, arnOf, at, blinds, change, clears, fires, region, tagged } from "./stories.ts";

const tags = tagged({ cpu: "high", a: "high shop", b: "high shop" });

describe("an alarm that was deleted", () => {
  test("counts as OK, the stability window included", async () => {
    const documents = [fires("cpu", at(0)), change("cpu", "delete", at(10))];
    expect(only(await story(documents, { tags, until: at(14) })).status).toBe("open");
    expect(only(await story(documents, { tags }))).toMatchObject({ status: "resolved", resolvedAt: at(15) });
  });

  test("gives the resolution `deleted`", async () => {
    const world = await story([fires("cpu", at(0)), change("cpu", "delete", at(10))], { tags });
    expect(only(world).resolution).toBe("deleted");
  });

  test("leaves the incident open while another alarm is red", async () => {
    const world = await story([fires("a", at(0)), fires("b", at(1)), change("a", "delete", at(10))], { tags });
    expect(only(world).status).toBe("open");
  });

  test("opens nothing when it was OK", async () => {
    const world = await story([clears("cpu", at(0)), change("cpu", "delete", at(10))], { tags });
    expect(incidents(world)).toEqual([]);
  });

  test("is not one that was changed or created", async () => {
    const documents = [fires("cpu", at(0)), change("cpu", "update", at(10)), change("cpu", "create", at(11))];
    expect(only(await story(documents, { tags })).status).toBe("open");
  });

  test("and made again, red, reopens the incident within 30 min", async () => {
    const documents = [fires("cpu", at(0)), change("cpu", "delete", at(10)), fires("cpu", at(20))];
    expect(only(await story(documents, { tags }))).toMatchObject({ status: "open", openedAt: at(0) });
  });

  test("is deleted after a transition of the same second, because the event's time has whole seconds", async () => {
    const documents = [fires("cpu", at(0) + 700), change("cpu", "delete", at(0) + 900)];
    expect(only(await story(documents, { tags })).resolution).toBe("deleted");
  });

  test("counts as OK also when the deletion is heard of after a later INSUFFICIENT_DATA", async () => {
    const documents = [fires("cpu", at(0)), blinds("cpu", at(11)), change("cpu", "delete", at(10))];
    expect(only(await story(documents, { tags, until: at(60) })).status).toBe("resolved");
  });

  test("is red again by a later ALARM, though the deletion is heard of after it", async () => {
    const documents = [fires("cpu", at(0)), fires("cpu", at(11)), change("cpu", "delete", at(10))];
    expect(only(await story(documents, { tags })).status).toBe("open");
  });

  test("of a composite's children, the others keep its incident open", async () => {
    const rule = "ALARM(a) OR ALARM(cpu)";
    const documents = [fires("outage", at(0), { rule }), fires("cpu", at(1)), change("cpu", "delete", at(3))];
    expect(incidentUnder(await story(documents), arnOf("outage")).status).toBe("open");
  });
});

describe("an alarm that CloudWatch does not show any more", () => {
  const red = async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)));
    stage.world.cloudwatch.remove(arnOf("cpu"));
    return stage;
  };

  test("is deleted when it is absent from two complete reconciles", async () => {
    const stage = await red();
    for (const minutes of [3, 4, 9]) await stage.sweepAt(at(minutes));
    expect(only(stage.world)).toMatchObject({ status: "resolved", resolution: "deleted", resolvedAt: at(9) });
  });

  test("is not deleted when it is absent from one", async () => {
    const stage = await red();
    await stage.sweepAt(at(3));
    await stage.tell(fires("cpu", at(3, 30), { previous: "ALARM" }));
    for (const minutes of [4, 5, 20]) await stage.sweepAt(at(minutes));
    expect(only(stage.world).status).toBe("open");
  });

  test("is not deleted when two reconciles between which it was there have missed it", async () => {
    const stage = await red();
    const { cloudwatch } = stage.world;
    await stage.sweepAt(at(3));
    const shown = { name: "cpu", type: "MetricAlarm", state: "ALARM", stateAt: at(0), updatedAt: at(0) } as const;
    cloudwatch.put({ arn: arnOf("cpu"), ...shown, reason: "", actionsEnabled: true, tags: {} });
    await stage.sweepAt(at(4));
    cloudwatch.remove(arnOf("cpu"));
    await stage.sweepAt(at(5));
    cloudwatch.put({ arn: arnOf("cpu"), ...shown, reason: "", actionsEnabled: true, tags: {} });
    await stage.sweepAt(at(20));
    expect(only(stage.world).status).toBe("open");
  });

  test("is not deleted by reconciles that did not come to their end", async () => {
    const stage = await red();
    const { cloudwatch } = stage.world;
    const { send } = cloudwatch;
    cloudwatch.send = async () => {
      throw new Error("Throttling");
    };
    for (const minutes of [3, 4, 5]) await expect(stage.sweepAt(at(minutes))).rejects.toThrow("incomplete");
    cloudwatch.send = send;
    await stage.sweepAt(at(6));
    expect(only(stage.world).status).toBe("open");
    await stage.sweepAt(at(7));
    await stage.sweepAt(at(12));
    expect(only(stage.world).resolution).toBe("deleted");
  });

  test("is not deleted where it lives in an account or region that is not shown to us", async () => {
    const stage = await createStage({ tags });
    const text = JSON.stringify(fires("cpu", at(0)));
    await stage.tell(JSON.parse(text.replaceAll(account, "999988887777")));
    await stage.tell(JSON.parse(text.replaceAll(region, "us-east-1")));
    for (const minutes of [3, 4, 5, 20]) await stage.sweepAt(at(minutes));
    expect(incidents(stage.world).map(({ status }) => status)).toEqual(["open", "open"]);
  });
});

test("a deletion pages nobody but those who are told that it is over", async () => {
  const world = await story([fires("cpu", at(0)), change("cpu", "delete", at(10))], { tags });
  expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
});
