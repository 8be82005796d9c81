import { describe, expect, test } from "vitest";
import { parseDeliveries, parseSqsRecord } from "../../shared/delivery/parse.ts";
import { iso } from "../../shared/instant.ts";
import { changed, envelopes, golden, notification, parseOne, sqsBatch, sqsRecord } from "./documents.ts";

const { event, action, topic } = golden("static");
const at = Date.parse("2026-05-04T10:00:04Z");
const stateAt = Date.parse("2026-05-04T10:00:04.989Z");
const notifiedAt = Date.parse("2026-05-04T10:00:06.500Z");

describe("the first failing path", () => {
  test.each([
    ["event", changed(event, "detail.state.value", "UNSURE"), "detail.state.value", at],
    ["event", changed(event, "detail.state", null), "detail.state", at],
    ["event", changed(event, "detail.state", "ALARM"), "detail.state", at],
    ["event", changed(event, "detail", undefined), "detail", at],
    ["event", changed(event, "detail.alarmName", undefined), "detail.alarmName", at],
    ["event", changed(event, "detail.alarmName", 7), "detail.alarmName", at],
    ["event", changed(event, "detail.state.timestamp", "0001-01-01T00:00:00Z"), "detail.state.timestamp", at],
    ["event", changed(event, "detail.state.timestamp", 1777888804989), "detail.state.timestamp", at],
    ["event", changed(changed(event, "resources", []), "account", "none"), "account", at],
    ["event", changed(changed(event, "resources", []), "region", "us-east-*"), "region", at],
    ["event", changed(event, "detail-type", "CloudWatch Alarm Mood Change"), "detail-type", at],
    ["event", changed(event, "detail-type", undefined), "detail-type", at],
    ["event", changed(event, "source", undefined), "source", at],
    ["event", { source: "aws.health" }, "source", null],
    ["finding", changed({ ...event, "detail-type": "Note" }, "source", "nightshift"), "detail-type", at],
    ["action", changed(action, "alarmData.state.value", null), "alarmData.state.value", stateAt],
    ["action", changed({ ...action, time: null }, "alarmData.state.value", null), "alarmData.state.value", stateAt],
    ["action", { alarmData: null }, "alarmData", null],
    ["topic", changed(topic, "NewStateValue", "alarm"), "NewStateValue", stateAt],
    ["topic", changed(topic, "StateChangeTime", undefined), "StateChangeTime", null],
    ["topic", changed(changed(topic, "AlarmArn", "nonsense"), "AWSAccountId", undefined), "AWSAccountId", stateAt],
    ["topic", { AlarmName: "only" }, "AWSAccountId", null],
    ["topic", { NewStateValue: "ALARM" }, "AlarmName", null],
    ["event", { detail: {} }, "source", null],
    ["finding", { operation: "a", rule: "b", resource: "c" }, "state", null],
    ["finding", { state: "raised", message: "m", remedy: "r" }, "operation", null],
    ["finding", { severity: "P1", message: "m", remedy: "r" }, "operation", null],
    ["finding", { source: "nightshift", "detail-type": "Finding", detail: { at: iso(at) } }, "detail.operation", at],
    ["unknown", { operation: "a", rule: "b" }, "$", null],
    ["unknown", { Timestamp: "2026-05-04T10:00:04Z" }, "$", at],
    ["unknown", {}, "$", null],
    ["unknown", [], "$", null],
    ["unknown", [event], "$", null],
    ["unknown", null, "$", null],
    ["unknown", "ALARM", "$", null],
    ["unknown", { time: "2026-05-04T10:00:04Z" }, "$", at],
  ])("%s: %#", (door, document, path, instant) => {
    const delivery = parseOne(document);
    expect(delivery).toEqual({ type: "unparsed", door, path, problem: expect.any(String), at: instant, raw: document });
    for (const wrap of [envelopes["an SQS batch"], envelopes["one SQS record"]]) {
      expect(parseOne(wrap?.(document))).toMatchObject({ door, path, raw: document });
    }
  });

  test("an event is one, whatever else is in it", () => {
    const other = { NewStateValue: "OK", alarmData: {}, operation: "a", rule: "b", resource: "c" };
    expect(parseOne({ ...event, ...other })).toMatchObject({ type: "transition", door: "event" });
  });
});

describe("envelopes that cannot be opened", () => {
  const record = sqsRecord(event);
  test.each([
    ["unknown", { Records: [] }, "Records", null],
    ["unknown", { Records: "many" }, "Records", null],
    ["unknown", { Records: [5] }, "$", null],
    ["unknown", { Records: [{ ...record, body: "ALARM!" }] }, "body", 1777888805123],
    ["unknown", { Records: [{ ...record, body: "" }] }, "body", 1777888805123],
    ["unknown", { Records: [{ ...record, body: undefined }] }, "body", 1777888805123],
    ["unknown", { Records: [{ ...record, body: 5 }] }, "body", 1777888805123],
    ["unknown", { Records: [{ eventSource: "aws:s3", s3: {} }] }, "eventSource", null],
    ["unknown", { Records: [{ eventSource: "aws:s3", body: "{}", messageId: "1" }] }, "eventSource", null],
    ["unknown", { body: record.body }, "$", null],
    ["unknown", { body: 5, messageId: "1" }, "$", null],
    ["unknown", { Type: "Notification" }, "$", null],
    ["unknown", { Type: 5, Message: "{}" }, "$", null],
    ["unknown", { Message: "{}" }, "$", null],
    ["topic", { Type: "Notification", Message: "hello" }, "Message", null],
    ["topic", { Type: "Notification", TopicArn: "arn:aws:sns:eu-west-1:1:alarms" }, "Message", null],
    ["unknown", { requestPayload: event }, "$", null],
    ["unknown", { requestContext: {}, functionError: "Unhandled" }, "$", null],
    ["unknown", { requestContext: {}, requestPayload: {}, timestamp: "2026-05-04T10:00:04Z" }, "$", at],
    ["unknown", sqsBatch({ requestContext: {}, requestPayload: {}, timestamp: "2026-05-04T10:00:04Z" }), "$", at],
    ["unknown", sqsBatch({ requestContext: {}, requestPayload: {} }), "$", 1777888805123],
    ["topic", { Records: [{ EventSource: "aws:sns" }] }, "Sns", null],
    ["topic", { Records: [{ EventSource: "aws:sns", Sns: { Message: "hello" } }] }, "Message", null],
    ["topic", { ...notification(1), Message: "hello" }, "Message", notifiedAt],
    ["topic", { ...notification(1), Message: undefined }, "Message", notifiedAt],
    ["topic", { ...notification(1), Type: "SubscriptionConfirmation" }, "Type", notifiedAt],
    ["topic", notification({ hello: 1 }), "$", notifiedAt],
    ["topic", sqsBatch(notification("hello")), "$", notifiedAt],
  ])("%s: %#", (door, document, path, instant) => {
    expect(parseOne(document)).toMatchObject({ type: "unparsed", door, path, at: instant });
  });

  test("a record that is not JSON does not hold up the others, and its place does not matter", () => {
    const broken = { ...record, body: "{" };
    const first = parseDeliveries({ Records: [broken, record, record] });
    const last = parseDeliveries({ Records: [record, record, broken] });
    expect(first.map(({ type }) => type)).toEqual(["unparsed", "transition", "transition"]);
    expect(first[0]).toEqual(last[2]);
    expect(parseSqsRecord({ messageId: "1", body: "{" })).toMatchObject([{ type: "unparsed", path: "body" }]);
  });

  test("a record is known by what it holds where nothing says whose it is", () => {
    expect(parseOne({ Records: [{ messageId: "1", body: record.body }] })).toEqual(parseOne(event));
    expect(parseOne({ Records: [{ Sns: notification(topic) }] })).toEqual(parseOne(topic));
    expect(parseOne({ ...event, Sns: {} })).toEqual(parseOne(event));
  });
});

describe("limits", () => {
  test("of more than a thousand records, the rest is one delivery that says so", () => {
    const batch = sqsBatch(...Array.from({ length: 1_250 }, () => event));
    const deliveries = parseDeliveries(batch);
    expect(deliveries).toHaveLength(1_001);
    expect(deliveries[999]?.type).toBe("transition");
    expect(deliveries[1_000]).toMatchObject({
      type: "unparsed",
      path: "Records",
      problem: expect.stringContaining("1000"),
    });
    expect(deliveries[1_000]).toHaveProperty("raw.Records", batch.Records.slice(1_000));
  });

  test("batches in batches do not multiply", () => {
    const inner = sqsBatch(...Array.from({ length: 60 }, () => ({})));
    expect(parseDeliveries(sqsBatch(...Array.from({ length: 60 }, () => inner))).length).toBeLessThanOrEqual(1_002);
  });

  test("envelopes in envelopes end somewhere", () => {
    let document: unknown = topic;
    for (let depth = 0; depth < 16; depth++) document = { requestContext: {}, requestPayload: document };
    expect(parseOne(document)).toMatchObject({ type: "transition" });
    expect(parseOne({ requestContext: {}, requestPayload: document })).toMatchObject({ type: "unparsed", path: "$" });
    for (let depth = 0; depth < 5_000; depth++) document = { requestContext: {}, requestPayload: document };
    expect(parseOne(document)).toMatchObject({ type: "unparsed", path: "$" });
  });

  test("a document that is nested too deeply to be anything is still only unparsed", () => {
    const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(parseSqsRecord({ messageId: "1", body: nested })).toMatchObject([{ type: "unparsed" }]);
    expect(parseSqsRecord({ messageId: "1", body: `{"detail-type":${nested}}` })).toMatchObject([{ type: "unparsed" }]);
  });
});
