// What the sender does to a row of the outbox, and to a summary of many: each expression, and when it does not hold.

import { describe, expect, test } from "vitest";
import { commit, readRow } from "../../shared/ledger/store.ts";
import { type Item, key, number, put, text } from "./connection.ts";
import type { LedgerTools } from "./dynamodb-ledger.contract.ts";

const waiting: Item = {
  ...key("incident#a", "page#1#sns"),
  queue: text("outbox#P1"),
  order: text("2026-01-01T00:00:00.000Z"),
  attempts: number(1),
  body: text("{}"),
};
const { queue: _queue, order: _order, ...left } = waiting;
const later = text("2026-01-01T00:01:00.000Z");
const names = { "#queue": "queue", "#order": "order" };
const ifMine = "attribute_exists(#queue) AND attempts = :attempts";

/** What is done to a row of the outbox, under which condition, and what is left of it. */
const changes: [what: string, update: string, condition: string, values: Item | undefined, after: Item][] = [
  [
    "is claimed",
    "SET #order = :due, attempts = :next",
    ifMine,
    { ":due": later, ":next": number(2), ":attempts": number(1) },
    { ...waiting, order: later, attempts: number(2) },
  ],
  [
    "is postponed",
    "SET #order = :due",
    ifMine,
    { ":due": later, ":attempts": number(1) },
    { ...waiting, order: later },
  ],
  ["is withdrawn", "REMOVE #queue, #order", ifMine, { ":attempts": number(1) }, left],
  [
    "is given up",
    "SET undelivered = :yes REMOVE #queue, #order",
    ifMine,
    { ":yes": { BOOL: true }, ":attempts": number(1) },
    { ...left, undelivered: { BOOL: true } },
  ],
  ["leaves with others of its batch", "REMOVE #queue, #order", "attribute_exists(#queue)", undefined, left],
];

export function outbox({ get, open }: LedgerTools): void {
  describe.each(changes)("%s", (_, update, condition, values, after) => {
    const change = (): Promise<boolean> => {
      const used = Object.entries(names).filter(([name]) => `${update} ${condition}`.includes(name));
      return commit(open(), [
        {
          Update: {
            TableName: open().table,
            Key: key("incident#a", "page#1#sns"),
            UpdateExpression: update,
            ConditionExpression: condition,
            ExpressionAttributeNames: Object.fromEntries(used),
            ExpressionAttributeValues: values,
          },
        },
      ]);
    };

    test("as it was expected, and the stream tells the row as it is then", async () => {
      await put(get(), open().table, waiting);
      expect(await change()).toBe(true);
      expect(await readRow(open(), key("incident#a", "page#1#sns"))).toEqual(after);
      const told = (await get().changes(open().table)).map(({ eventName, newImage }) => ({ eventName, newImage }));
      expect(told).toEqual([
        { eventName: "INSERT", newImage: waiting },
        { eventName: "MODIFY", newImage: after },
      ]);
    });

    test("and not if it has left its queue, or is not there", async () => {
      expect(await change()).toBe(false);
      await put(get(), open().table, left);
      expect(await change()).toBe(false);
      expect(await readRow(open(), key("incident#a", "page#1#sns"))).toEqual(left);
    });

    if (condition !== ifMine) return;
    test("and not if somebody has tried it meanwhile", async () => {
      await put(get(), open().table, { ...waiting, attempts: number(2) });
      expect(await change()).toBe(false);
    });
  });
}

export function summaries({ get, open }: LedgerTools): void {
  const place = key("audience#a", "summary#other#1#sns");
  const fold = (incident: string, severity: string, body: string): Promise<boolean> =>
    commit(open(), [
      {
        Update: {
          TableName: open().table,
          Key: place,
          UpdateExpression:
            "SET #queue = :queue, #order = :due, attempts = :none, body = if_not_exists(body, :body), expiresAt = :expiresAt ADD incidents :incidents, severities :severities",
          ConditionExpression: "attribute_not_exists(pk) OR (attribute_exists(#queue) AND attempts = :none)",
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: {
            ":queue": text("outbox#P1"),
            ":due": later,
            ":none": number(0),
            ":body": text(body),
            ":expiresAt": number(1),
            ":incidents": { SS: [incident] },
            ":severities": { SS: [severity] },
          },
        },
      },
    ]);
  const summary = (incidents: string[], severities: string[]): Item => ({
    ...{ ...place, queue: text("outbox#P1"), order: later, attempts: number(0), body: text("one") },
    ...{ expiresAt: number(1), incidents: { SS: incidents }, severities: { SS: severities } },
  });

  test("is made by its first page, joined by others, and keeps the first one's text", async () => {
    expect(await fold("b", "P1", "one")).toBe(true);
    expect(await fold("a", "P2", "two")).toBe(true);
    expect(await fold("a", "P2", "three")).toBe(true);
    expect(await readRow(open(), place)).toEqual(summary(["a", "b"], ["P1", "P2"]));
  });

  test("takes nobody with it any more once it is claimed, or sent", async () => {
    await put(get(), open().table, { ...summary(["b"], ["P1"]), attempts: number(1) });
    expect(await fold("a", "P1", "two")).toBe(false);
    const { queue: _left, ...sent } = summary(["b"], ["P1"]);
    await put(get(), open().table, sent);
    expect(await fold("a", "P1", "two")).toBe(false);
  });
}
