import { expect, test } from "vitest";
import { changed, golden, notification, parseOne, sqsRecord } from "./documents.ts";

// What is written into the incident that a delivery of unknown shape opens: where it came to grief, and what is wrong there.

const { event, action, topic } = golden("static");
const finding = { operation: "audit-secrets", rule: "too-old", resource: "password", severity: "P1" };
const record = sqsRecord(event);

/** The event without the ARN from which account and region would be taken. */
function homeless(path: string, value: unknown) {
  return changed(changed(event, "resources", []), path, value);
}

test.each<[says: string, document: unknown]>([
  ["$: must be an object; it is missing", null],
  ["$: must be an object; it is an empty list", []],
  ["$: must be an object; it is a list", [event]],
  ['$: must be an object; it is "ALARM"', "ALARM"],
  ["$: must be an object; it is 5", 5],
  ["$: is of a shape that nobody described", {}],
  ['source: must be aws.cloudwatch or nightshift; it is "aws.health"', changed(event, "source", "aws.health")],
  ["source: must be aws.cloudwatch or nightshift; it is missing", changed(event, "source", undefined)],
  ['detail-type: must be one of CloudWatch\'s alarm events; it is "Mood"', { ...event, "detail-type": "Mood" }],
  ['detail-type: must be Finding; it is "Mood"', { ...event, source: "nightshift", "detail-type": "Mood" }],
  ["detail: is missing", changed(event, "detail", undefined)],
  ["detail.state: must be an object; it is true", changed(event, "detail.state", true)],
  ["detail.state: is missing", changed(event, "detail.state", null)],
  ["detail.state.value: is missing", changed(event, "detail.state.value", undefined)],
  [
    "detail.state.value: must be OK or ALARM or INSUFFICIENT_DATA; it is an object",
    changed(event, "detail.state.value", {}),
  ],
  ['detail.alarmName: must be a text that is not empty; it is ""', changed(event, "detail.alarmName", "")],
  ["detail.alarmName: must be a text that is not empty; it is 7", changed(event, "detail.alarmName", 7)],
  [
    'detail.state.timestamp: must be a time between 2000 and 2200, with its zone; it is "10:00"',
    changed(event, "detail.state.timestamp", "10:00"),
  ],
  ['account: must be an account\'s number; it is "12a"', homeless("account", "12a")],
  ['account: must be an account\'s number; it is "a12"', homeless("account", "a12")],
  ["account: must be an account's number; it is 12", homeless("account", 12)],
  ['region: must be the code or the name of a region; it is "Moon"', homeless("region", "Moon")],
  ["region: must be the code or the name of a region; it is a list", homeless("region", ["eu-west-1"])],
  ["alarmData: must be an object; it is an empty list", { ...action, alarmData: [] }],
  ["StateChangeTime: is missing", changed(topic, "StateChangeTime", undefined)],
  ['state: must be raised or cleared; it is "open"', { ...finding, state: "open" }],
  ["version: must be 1; it is 2", { ...finding, version: 2 }],
  ["Records: must be a list; it is an object", { Records: {} }],
  ["Records: is an empty list", { Records: [] }],
  ["$: must be a record of SQS or SNS", { Records: [5] }],
  ["eventSource: must be a record of SQS or SNS", { Records: [{ eventSource: "aws:s3" }] }],
  ["Sns: must be an object", { Records: [{ EventSource: "aws:sns", Sns: "ALARM" }] }],
  [
    'Type: must be Notification; it is "UnsubscribeConfirmation"',
    { ...notification(1), Type: "UnsubscribeConfirmation" },
  ],
  ["Message: must be JSON in a text; it is missing", changed(notification(1), "Message", undefined)],
  ['Message: must be JSON in a text; it is "hello"', changed(notification(1), "Message", "hello")],
  ["body: must be JSON in a text; it is 5", { Records: [{ ...record, body: 5 }] }],
  ['body: must be JSON in a text; it is "{"', { Records: [{ ...record, body: "{" }] }],
  [
    "$: is in more than 16 envelopes",
    Array(17)
      .fill(0)
      .reduce((inner: unknown) => sqsRecord(inner), event),
  ],
])("%s", (says, document) => {
  const found = parseOne(document);
  expect(found.type === "unparsed" && `${found.path}: ${found.problem}`).toBe(says);
});

test("a value is named shortly, however long it is", () => {
  const long = parseOne(changed(event, "detail.state.value", "x".repeat(9_000)));
  const said = `must be OK or ALARM or INSUFFICIENT_DATA; it is "${"x".repeat(60)}"`;
  expect(long).toMatchObject({ path: "detail.state.value", problem: said });
});
