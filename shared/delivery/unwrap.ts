import type { Instant } from "../instant.ts";
import { nestsDeeper } from "./nesting.ts";
import { described, type Failure, isObject, root } from "./reading.ts";
import { parseEpochMilliseconds, parseTimestamp } from "./timestamp.ts";
import type { Door } from "./types.ts";

/** One document that is in no envelope any more, and what its envelopes said of it. */
export interface Innermost {
  document: unknown;
  /** A guess, for a document that does not tell by itself. */
  door: Door;
  /** The time of the nearest envelope that has one. */
  at: Instant | null;
  /** Set when an envelope could not be opened; the document is then that envelope. */
  failure: Failure | null;
}

/**
 * Takes every envelope off a document, in whatever order they were put on: a batch of SQS or SNS records, one such
 * record, an SNS notification, and Lambda's report of an invocation that failed (what a redrive from the dead-letter
 * queue brings back). Gives at least one, in order.
 */
export function unwrap(document: unknown): Innermost[] {
  const opened: Innermost[] = [];
  open({ document, door: "unknown", at: null, failure: null }, maximumEnvelopes);
  return opened;

  function open(outer: Innermost, envelopesLeft: number): void {
    const inside = contentOf(outer);
    if (inside === null) opened.push(outer);
    else if (!Array.isArray(inside)) openOne(inside, envelopesLeft);
    else openEach(outer, inside, envelopesLeft);
  }

  function openOne(inside: Innermost, envelopesLeft: number): void {
    if (inside.failure !== null) opened.push(inside);
    else if (envelopesLeft > 0) open(inside, envelopesLeft - 1);
    else opened.push(failed(inside, root, `is in more than ${maximumEnvelopes} envelopes`));
  }

  function openEach(batch: Innermost, records: Innermost[], envelopesLeft: number): void {
    for (const [index, record] of records.entries()) {
      if (opened.length < maximumRecords) {
        openOne(record, envelopesLeft);
        continue;
      }
      const rest = { Records: records.slice(index).map((left) => left.document) };
      opened.push(
        failed({ ...batch, document: rest }, "Records", `more than ${maximumRecords} records in one document`),
      );
      return;
    }
  }
}

const maximumEnvelopes = 16;
const maximumRecords = 1_000;
/** Ten times as deep as anything that CloudWatch sends. */
const maximumNesting = 100;

/** What is in the envelope; null when the document is none. A record of a batch counts as an envelope of its own. */
function contentOf(outer: Innermost): Innermost | Innermost[] | null {
  const { document } = outer;
  if (!isObject(document)) return null;
  if ("Records" in document) return recordsOf(outer, document.Records);
  if (isSnsRecord(document)) return recordOfSns(outer, document.Sns);
  if (isSqsRecord(document)) return recordOfSqs(outer, document);
  if (typeof document.Type === "string" && ("Message" in document || "TopicArn" in document)) {
    return notification(outer, document);
  }
  if ("requestPayload" in document && isObject(document.requestContext)) {
    const at = parseTimestamp(document.timestamp) ?? outer.at;
    return { ...outer, document: document.requestPayload, at };
  }
  return null;
}

function recordsOf(batch: Innermost, records: unknown): Innermost | Innermost[] {
  if (!Array.isArray(records)) return failed(batch, "Records", `must be a list; it is ${described(records)}`);
  if (records.length === 0) return failed(batch, "Records", "is an empty list");
  return records.map((record: unknown): Innermost => {
    const outer = { ...batch, document: record };
    if (isObject(record) && (isSnsRecord(record) || isSqsRecord(record))) return outer;
    return failed(outer, isObject(record) ? "eventSource" : root, "must be a record of SQS or SNS");
  });
}

function isSnsRecord(record: Record<string, unknown>): boolean {
  return record.EventSource === "aws:sns" || (isObject(record.Sns) && !("detail-type" in record));
}

function isSqsRecord(record: Record<string, unknown>): boolean {
  if ("eventSource" in record) return record.eventSource === "aws:sqs";
  return typeof record.body === "string" && typeof record.messageId === "string";
}

function recordOfSns(outer: Innermost, sns: unknown): Innermost {
  const record: Innermost = { ...outer, door: "topic" };
  if (!isObject(sns)) return failed(record, "Sns", "must be an object");
  return notification({ ...record, document: sns }, sns);
}

function recordOfSqs(outer: Innermost, record: Record<string, unknown>): Innermost {
  const attributes = record.attributes;
  const sent = isObject(attributes) ? parseEpochMilliseconds(attributes.SentTimestamp) : null;
  return json({ ...outer, at: sent ?? outer.at }, "body", record.body);
}

function notification(outer: Innermost, envelope: Record<string, unknown>): Innermost {
  const at = parseTimestamp(envelope.Timestamp) ?? outer.at;
  const topic: Innermost = { ...outer, door: "topic", at };
  const type = envelope.Type;
  if (type !== undefined && type !== "Notification") {
    return failed(topic, "Type", `must be Notification; it is ${described(type)}`);
  }
  return json(topic, "Message", envelope.Message);
}

/** The document that an envelope holds as text. */
function json(envelope: Innermost, path: string, text: unknown): Innermost {
  if (typeof text !== "string") return failed(envelope, path, `must be JSON in a text; it is ${described(text)}`);
  if (nestsDeeper(text, maximumNesting)) return failed(envelope, path, `is nested more than ${maximumNesting} deep`);
  try {
    return { ...envelope, document: JSON.parse(text) };
  } catch {
    return failed(envelope, path, `must be JSON in a text; it is ${described(text)}`);
  }
}

function failed(envelope: Innermost, path: string, problem: string): Innermost {
  return { ...envelope, failure: { path, problem } };
}
