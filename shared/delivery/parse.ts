import type { Instant } from "../instant.ts";
import { parseFinding } from "./finding.ts";
import { described, type Failure, isObject, optional, root } from "./reading.ts";
import { parseTimestamp } from "./timestamp.ts";
import { parseAction, parseConfigurationChange, parseStateChange, parseTopicMessage } from "./transition.ts";
import type { Delivery, Door, Unparsed } from "./types.ts";
import { type Innermost, unwrap } from "./unwrap.ts";

/**
 * The innermost deliveries in one JSON document, in their order: at least one, at most a thousand, and then one more
 * that names what was left. Never throws, whatever the document is: what nobody described becomes an `Unparsed`.
 * The shapes are those of CloudWatch's three doors and of our own findings, in any nesting of envelopes.
 */
export function parseDeliveries(document: unknown): Delivery[] {
  return unwrap(document).map(deliveryOf);
}

/** The same for one record of an SQS batch. */
export function parseSqsRecord(record: { messageId: string; body: string }): Delivery[] {
  return parseDeliveries({ ...record, eventSource: "aws:sqs" });
}

/** When a delivery happened: its state's own stamp, else its envelope's time, or a finding's `at`. */
export function stampOf(delivery: Delivery): Instant | null {
  return delivery.at;
}

function deliveryOf(innermost: Innermost): Delivery {
  if (innermost.failure !== null) return unparsed(innermost, innermost.door, innermost.failure);
  const [door, parsed] = parseShape(innermost.document, innermost.door);
  return "type" in parsed ? parsed : unparsed(innermost, door, parsed);
}

/** Tells the shapes apart by the fields that only one of them has, and says through which door such a shape comes. */
function parseShape(document: unknown, door: Door): [Door, Delivery | Failure] {
  if (!isObject(document)) return [door, { path: root, problem: `must be an object; it is ${described(document)}` }];
  if ("detail-type" in document) return parseEvent(document);
  if ("alarmData" in document) return ["action", parseAction(document)];
  if ("NewStateValue" in document || "AlarmName" in document) return ["topic", parseTopicMessage(document)];
  if (findingFields.filter((field) => field in document).length >= 3) return ["finding", parseFinding(document, "")];
  if ("detail" in document || "source" in document) return parseEvent(document);
  return [door, { path: root, problem: "is of a shape that nobody described" }];
}

const findingFields = ["operation", "rule", "resource", "state", "severity", "message", "remedy"];

/** Only `aws.cloudwatch` is CloudWatch's durable source: the same three events exist as `aws.monitoring`, at best effort. */
function parseEvent(document: Record<string, unknown>): [Door, Delivery | Failure] {
  const type = document["detail-type"];
  switch (document.source) {
    case "aws.cloudwatch":
      return ["event", parseAlarmEvent(document, type)];
    case "nightshift":
      if (type === "Finding") return ["finding", parseFinding(document, "detail.")];
      return ["finding", { path: "detail-type", problem: `must be Finding; it is ${described(type)}` }];
    default: {
      const source = described(document.source);
      return ["event", { path: "source", problem: `must be aws.cloudwatch or nightshift; it is ${source}` }];
    }
  }
}

function parseAlarmEvent(document: Record<string, unknown>, type: unknown): Delivery | Failure {
  switch (type) {
    case "CloudWatch Alarm State Change":
      return parseStateChange(document, false);
    case "CloudWatch Alarm Contributor State Change":
      return parseStateChange(document, true);
    case "CloudWatch Alarm Configuration Change":
      return parseConfigurationChange(document);
    default:
      return { path: "detail-type", problem: `must be one of CloudWatch's alarm events; it is ${described(type)}` };
  }
}

function unparsed(innermost: Innermost, door: Door, failure: Failure): Unparsed {
  const { document, at } = innermost;
  return { type: "unparsed", door, ...failure, at: ownTime(document) ?? at, raw: document };
}

// In the order of trust: the envelope's own time first, then the stamp of a state or finding that could not be read whole.
const timePaths = [
  "time",
  "Timestamp",
  "detail.state.timestamp",
  "alarmData.state.timestamp",
  "StateChangeTime",
  "detail.at",
  "at",
];

function ownTime(document: unknown): Instant | null {
  for (const path of timePaths) {
    const at = parseTimestamp(optional(document, path));
    if (at !== null) return at;
  }
  return null;
}
