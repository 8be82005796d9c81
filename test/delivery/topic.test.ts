import { describe, expect, test } from "vitest";
import { changed, golden, notification, parseOne, sqsBatch } from "./documents.ts";

const released = golden("composite-released");
const still = golden("static");

function transition(document: unknown) {
  const delivery = parseOne(document);
  if (delivery.type !== "transition") throw new Error(JSON.stringify(delivery));
  return delivery;
}

describe("SNS", () => {
  test.each(["EU (Ireland)", "EU - Ireland", "Europe (Ireland)", "eu-west-1"])(
    "Region %s, without an ARN",
    (region) => {
      const message = changed(changed(still.topic, "AlarmArn", undefined), "Region", region);
      expect(transition(message).alarm).toEqual(still.expected.alarm);
    },
  );

  test("an unknown Region without an ARN is reported, with one it does not matter", () => {
    const message = changed(still.topic, "Region", "Moon (Mare Imbrium)");
    expect(transition(message).alarm.region).toBe("eu-west-1");
    expect(parseOne(changed(message, "AlarmArn", null))).toMatchObject({
      type: "unparsed",
      door: "topic",
      path: "Region",
    });
  });

  test("AlarmDescription is literally null when there is none", () => {
    expect(still.topic.AlarmDescription).toBeNull();
    expect(transition(still.topic).alarm.description).toBeNull();
  });

  test("an emulator writes less: no ARN, the region's code, whole seconds, empty texts", () => {
    const message = {
      AlarmName: "orders",
      AlarmDescription: "",
      AWSAccountId: "000000000000",
      NewStateValue: "ALARM",
      NewStateReason: "",
      StateChangeTime: "2026-05-04T10:00:04Z",
      Region: "us-east-1",
      OldStateValue: "INSUFFICIENT_DATA",
      Trigger: { MetricName: "", Namespace: "", Statistic: "", Unit: null, Dimensions: [] },
    };
    expect(transition(notification(message))).toEqual({
      type: "transition",
      door: "topic",
      alarm: {
        arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:orders",
        name: "orders",
        account: "000000000000",
        region: "us-east-1",
        description: null,
        metrics: [],
        alarmRule: null,
      },
      contributor: null,
      state: "ALARM",
      reason: "",
      at: Date.parse("2026-05-04T10:00:04Z"),
      previous: "INSUFFICIENT_DATA",
      mute: null,
    });
  });

  test("an alarm that is no composite has no rule, also where an empty one is written", () => {
    expect(transition(changed(still.topic, "AlarmRule", "")).alarm.alarmRule).toBeNull();
  });

  test("a composite has no Trigger, and TriggeringChildren may be empty", () => {
    expect(released.topic).not.toHaveProperty("Trigger");
    expect(transition(released.topic).alarm).toMatchObject({
      metrics: [],
      alarmRule: released.expected.alarm.alarmRule,
    });
  });

  test("Message is JSON in a string, in a record, in a batch", () => {
    const batch = { Records: [{ EventSource: "aws:sns", Sns: notification(still.topic) }] };
    expect(parseOne(sqsBatch(batch))).toEqual(transition(still.topic));
  });

  test("a Log alarm's reason data is an object there, not a string", () => {
    const log = golden("log-contributor");
    expect(log.topic.NewStateReasonData).toBeTypeOf("object");
    expect(transition(log.topic).contributor).toEqual(log.expected.contributor);
  });
});
