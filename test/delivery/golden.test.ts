import { describe, expect, test } from "vitest";
import { parseDeliveries, parseSqsRecord, stampOf } from "../../shared/delivery/parse.ts";
import { golden, kinds, parseOne, sqsRecord, ways } from "./documents.ts";

describe.each(kinds)("%s", (kind) => {
  const fixture = golden(kind);
  const at = Date.parse(fixture.expected.at);

  test.each(ways)("$way", ({ door, document }) => {
    const previous = (door === "topic" && fixture.expectedPreviousFromTopic) || fixture.expected.previous;
    const transition = { type: "transition", door, ...fixture.expected, at, previous, mute: null };
    expect(parseDeliveries(document(fixture))).toEqual([transition]);
    expect(parseOne(document(fixture))).toEqual(transition);
  });

  test("one record of a batch", () => {
    const record = sqsRecord(fixture.event);
    expect(parseSqsRecord(record)).toEqual(parseDeliveries(fixture.event));
    expect(parseSqsRecord({ messageId: "1", body: record.body })).toEqual(parseDeliveries(fixture.event));
  });

  test("its stamp is the state's own", () => {
    expect(stampOf(parseOne(fixture.event))).toBe(at);
  });
});

test("parsing leaves the document as it was", () => {
  const { event } = golden("static");
  const before = structuredClone(event);
  parseDeliveries(event);
  expect(event).toEqual(before);
});
