import { describe, expect, test } from "vitest";
import { changed, golden, parseOne } from "./documents.ts";

const released = golden("composite-released");
const still = golden("static");
const contributor = golden("insights-contributor");

function transition(document: unknown) {
  const delivery = parseOne(document);
  if (delivery.type !== "transition") throw new Error(JSON.stringify(delivery));
  return delivery;
}

function configuration(operation: string, also: Record<string, unknown> = {}) {
  const { alarmName, configuration, state } = still.event.detail as Record<string, unknown>;
  const detail = { alarmName, operation, configuration, state, ...also };
  return { ...still.event, "detail-type": "CloudWatch Alarm Configuration Change", detail };
}

describe("EventBridge", () => {
  test("the best-effort copy from aws.monitoring is not taken for an alarm", () => {
    const copy = changed(still.event, "source", "aws.monitoring");
    expect(parseOne(copy)).toMatchObject({ type: "unparsed", door: "event", path: "source" });
  });

  test.each([null, undefined, "", "not JSON", { version: "1.0" }])("reasonData %o does not matter", (reasonData) => {
    expect(transition(changed(still.event, "detail.state.reasonData", reasonData))).toEqual(transition(still.event));
  });

  test.each([
    "2026-05-04T10:00:04.989+0000",
    "2026-05-04T10:00:04.989Z",
    "2026-05-04T10:00:04.989+00:00",
    "2026-05-04T12:00:04.989123+02:00",
    "2026-05-04T04:30:04.989999-0530",
  ])("the stamp %s is the same instant", (stamp) => {
    expect(transition(changed(still.event, "detail.state.timestamp", stamp)).at).toBe(Date.parse(still.expected.at));
  });

  test.each(["WaitPeriod", "ExtensionPeriod", "Alarm", "AlarmSuppressor", "OfTomorrow"])(
    "a composite suppressed by %s is muted by its suppressor, with no known end",
    (by) => {
      const suppressed = changed(released.event, "detail.state.actionsSuppressedBy", by);
      const suppressor = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:deployment-running";
      expect(transition(suppressed).mute).toEqual({ by: suppressor, until: null });
      const unnamed = changed(suppressed, "detail.configuration.actionsSuppressor", null);
      expect(transition(unnamed).mute).toEqual({ by, until: null });
    },
  );

  test("a mute rule that is not named mutes too", () => {
    const muted = changed(released.event, "detail.muteDetail", { muteWindowEnd: null });
    expect(transition(muted).mute).toEqual({ by: "mute rule", until: null });
  });

  test("a suppressor that is given by its ARN lives where that says", () => {
    const elsewhere = "arn:aws:cloudwatch:us-east-1:444455556666:alarm:deployment-running";
    const suppressed = changed(released.event, "detail.state.actionsSuppressedBy", "Alarm");
    const named = changed(suppressed, "detail.configuration.actionsSuppressor", elsewhere);
    expect(transition(named).mute).toEqual({ by: elsewhere, until: null });
  });

  test("ALARM after ALARM, when the suppressor's wait ends, is a transition without a mute", () => {
    expect(transition(released.event)).toMatchObject({ state: "ALARM", previous: "ALARM", mute: null });
  });

  test("a muted alarm still speaks, and says until when", () => {
    const by = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night";
    const muteDetail = { mutedByArn: by, muteWindowStart: "…", muteWindowEnd: "2026-05-04T12:00:00.000+0000" };
    const muted = changed(released.event, "detail.muteDetail", muteDetail);
    expect(transition(muted).mute).toEqual({ by, until: Date.parse("2026-05-04T12:00:00Z") });
    expect(transition(changed(muted, "detail.state.actionsSuppressedBy", "Alarm")).mute?.by).toBe(by);
    expect(transition(changed(muted, "detail.muteDetail.muteWindowEnd", "tomorrow")).mute).toEqual({ by, until: null });
    expect(transition(changed(muted, "detail.muteDetail", null)).mute).toBeNull();
    expect(transition(changed(contributor.event, "detail.muteDetail", muteDetail)).mute?.by).toBe(by);
  });

  test("a contributor has no previous state, its parent has", () => {
    expect(transition(contributor.event).previous).toBeNull();
    expect(transition(golden("insights-parent").event)).toMatchObject({
      contributor: null,
      previous: "INSUFFICIENT_DATA",
    });
  });

  test("a contributor is never INSUFFICIENT_DATA", () => {
    const illegal = changed(contributor.event, "detail.state.value", "INSUFFICIENT_DATA");
    expect(parseOne(illegal)).toMatchObject({ type: "unparsed", path: "detail.state.value" });
    const message = changed(contributor.topic, "NewStateValue", "INSUFFICIENT_DATA");
    expect(parseOne(message)).toMatchObject({ type: "unparsed", path: "NewStateValue" });
  });

  test("a contributor speaks, whatever the event calls itself", () => {
    const event = changed(contributor.event, "detail-type", "CloudWatch Alarm State Change");
    expect(transition(event)).toEqual(transition(contributor.event));
  });

  test("a contributor is OK again", () => {
    expect(transition(changed(contributor.event, "detail.state.value", "OK")).state).toBe("OK");
  });

  test("a contributor must say who it is; its attributes may be missing", () => {
    expect(parseOne(changed(contributor.event, "detail.alarmContributor", null))).toMatchObject({
      type: "unparsed",
      path: "detail.alarmContributor",
    });
    expect(parseOne(changed(contributor.event, "detail.alarmContributor.id", ""))).toMatchObject({
      path: "detail.alarmContributor.id",
    });
    const bare = changed(contributor.event, "detail.alarmContributor.attributes", null);
    expect(transition(bare).contributor).toEqual({ id: "6d442278dba546f6", attributes: {} });
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`key-${index}`, index]));
    const limited = transition(changed(contributor.event, "detail.alarmContributor.attributes", many)).contributor;
    expect(Object.keys(limited?.attributes ?? {})).toHaveLength(50);
    expect(limited?.attributes["key-7"]).toBe("7");
  });

  test.each(["create", "update", "delete"])("a configuration change: %s", (operation) => {
    const alarm = { ...still.expected.alarm, description: null };
    const at = Date.parse("2026-05-04T10:00:04Z");
    expect(parseOne(configuration(operation))).toEqual({ type: "configuration", door: "event", operation, alarm, at });
  });

  test("a deletion may come without a configuration; an unknown operation is not taken for any", () => {
    expect(parseOne(configuration("delete", { configuration: undefined }))).toMatchObject({
      operation: "delete",
      alarm: { arn: still.expected.alarm.arn, metrics: [], alarmRule: null },
    });
    expect(parseOne(configuration("rename"))).toMatchObject({ type: "unparsed", path: "detail.operation" });
    expect(parseOne(configuration("update", { alarmName: "" }))).toMatchObject({ path: "detail.alarmName" });
    expect(parseOne(changed(configuration("delete"), "time", "soon"))).toMatchObject({
      path: "time",
      at: Date.parse(still.expected.at),
    });
  });

  test("the region beside the ARN may be nonsense", () => {
    expect(transition(changed(still.event, "region", "us-east-*")).alarm).toEqual(still.expected.alarm);
  });

  const elsewhere = "arn:aws:cloudwatch:us-east-1:444455556666:alarm:orders-5xx";

  test.each([
    undefined,
    null,
    [],
    ["arn:aws:sns:eu-west-1:111122223333:alarms"],
    "none",
    [[elsewhere]],
    [...Array(50).fill("none"), elsewhere],
  ])("resources %o: the ARN is rebuilt", (resources) => {
    expect(transition(changed(still.event, "resources", resources)).alarm).toEqual(still.expected.alarm);
  });
});

describe("the Lambda action", () => {
  test("without its ARN it is rebuilt from accountId, region and name", () => {
    expect(transition(changed(still.action, "alarmArn", undefined)).alarm).toEqual(still.expected.alarm);
    const homeless = changed(changed(still.action, "alarmArn", undefined), "accountId", undefined);
    expect(parseOne(homeless)).toMatchObject({ type: "unparsed", door: "action", path: "accountId" });
  });

  test("its ARN says where it lives", () => {
    expect(transition(changed(still.action, "region", "us-east-*")).alarm).toEqual(still.expected.alarm);
  });

  test("what suppressed the previous state is not a mute now", () => {
    expect(transition(released.action).mute).toBeNull();
  });
});

test("long texts are cut at 1,024 characters, never through a character, and long names are kept", () => {
  const long = changed(still.event, "detail.state.reason", `${"x".repeat(1_023)}😀`);
  expect(transition(long).reason).toBe("x".repeat(1_023));
  const wordy = changed(still.event, "detail.configuration.description", "y".repeat(5_000));
  expect(transition(wordy).alarm.description).toHaveLength(1_024);
  expect(transition(changed(still.event, "detail.alarmName", "z".repeat(255))).alarm.name).toHaveLength(255);
});

test("nobody needs a reason, a previous state, metrics, or fields that we know", () => {
  const bare = {
    ...changed(still.event, "detail", {
      alarmName: "a",
      state: { value: "OK", timestamp: "2026-05-04T10:00:00Z", reason: null },
      configuration: { metrics: [null, 5, { metricStat: null }, { metricStat: { metric: { name: "n" } } }] },
      previousState: { value: "OF_TOMORROW" },
    }),
    extra: { of: "tomorrow" },
  };
  expect(transition(bare)).toMatchObject({ reason: "", previous: null, alarm: { description: null, metrics: [] } });
});
