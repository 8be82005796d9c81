// What the functions rely on of DynamoDB: their own reads and writes of the ledger, and each expression that they send.
// test/contract/simulation.test.ts fails when they send one that no contract has.

import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { putNew, putVersioned } from "../../shared/ledger/rows.ts";
import { commit, type Ledger, readQueue, readRow, readRows } from "../../shared/ledger/store.ts";
import { type Connection, createLedger, type Item, key, number, put, text } from "./connection.ts";
import { outbox, summaries } from "./dynamodb-outbox.contract.ts";

export function ledger(get: () => Connection): void {
  let opened: Ledger;
  beforeEach(async () => {
    opened = { client: get(), table: await createLedger(get()) };
  });
  const tools = { get, open: () => opened };
  describe("rows with a version", () => versions(tools));
  describe("an outbox row", () => outbox(tools));
  describe("a summary", () => summaries(tools));
  describe("reading", () => readings(tools));
}

export interface LedgerTools {
  get(): Connection;
  open(): Ledger;
}

function versions({ get, open }: LedgerTools): void {
  const row = (body: string): Item => ({ ...key("thread#a", "thread"), body: text(body) });
  const write = (body: string, version: number) => commit(open(), [putVersioned(open().table, row(body), version)]);

  test("are written by whoever read the version that is there", async () => {
    expect(await write("first", 0)).toBe(true);
    expect(await write("again", 0)).toBe(false);
    expect(await write("second", 1)).toBe(true);
    expect(await write("late", 1)).toBe(false);
    expect(await readRow(open(), key("thread#a", "thread"))).toEqual({ ...row("second"), version: number(2) });
  });

  test("are written by one of many who read the same, and the others are told", async () => {
    await write("first", 0);
    // DynamoDB may say TransactionConflict to some of them; the ledger takes it for the same.
    const written = await Promise.all(Array.from({ length: 20 }, (_, place) => write(String(place), 1)));
    expect(written.filter((each) => each)).toHaveLength(1);
  });

  test("keep everything else of their transaction from being written", async () => {
    await write("first", 0);
    const { table } = open();
    const entry = putNew(table, key("incident#a", "entry#1"));
    expect(await commit(open(), [entry, putVersioned(table, row("late"), 0)])).toBe(false);
    expect(await commit(open(), [entry, putVersioned(table, row("second"), 1)])).toBe(true);
    expect(await commit(open(), [entry])).toBe(false);
  });

  test("stand for an incident that must not have changed", async () => {
    const { table } = open();
    await put(get(), table, { ...key("incident#a", "incident"), entries: number(3) });
    const unchanged = (entries: number): TransactWriteItem => ({
      ConditionCheck: {
        TableName: table,
        Key: key("incident#a", "incident"),
        ConditionExpression: "entries = :entries",
        ExpressionAttributeValues: { ":entries": number(entries) },
      },
    });
    const entry = putNew(table, key("incident#a", "sent#1"));
    expect(await commit(open(), [unchanged(2), entry])).toBe(false);
    expect(await commit(open(), [unchanged(3), entry])).toBe(true);
  });
}

function readings({ get, open }: LedgerTools): void {
  test("gives every row that was asked for in the order of the question, however large they are", async () => {
    const wanted = Array.from({ length: 45 }, (_, place) => key("large", String(place).padStart(2, "0")));
    await put(get(), open().table, ...wanted.map((each) => ({ ...each, a: text("x".repeat(395_000)) })));
    const rows = await readRows(open(), [key("large", "none"), ...wanted.toReversed(), key("large", "07")]);
    expect(rows.map((row) => row?.sk?.S ?? null)).toEqual([null, ...wanted.toReversed().map(({ sk }) => sk?.S), "07"]);
  });

  test("goes through a queue page by page, the longest due first, until then, over rows that leave it", async () => {
    const due = (minute: number) => text(`2026-01-01T00:0${minute}:00.000Z`);
    const rows = [3, 1, 4, 0, 2].map((minute) => ({
      ...key(`thread#${minute}`, "thread"),
      queue: text("open"),
      order: due(minute),
    }));
    await put(get(), open().table, ...rows, { ...key("thread#x", "thread"), queue: text("other"), order: due(0) });
    const found = async (until: number | null): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for await (const page of readQueue(open(), "open", until, 2)) seen.push(page.map(({ pk }) => pk?.S?.at(-1)));
      return seen;
    };
    expect(await found(null)).toEqual([["0", "1"], ["2", "3"], ["4"]]);
    expect((await found(Date.UTC(2026, 0, 1, 0, 2))).flat()).toEqual(["0", "1", "2"]);
    const seen: unknown[] = [];
    for await (const page of readQueue(open(), "open", null, 2)) {
      for (const { pk, sk } of page) {
        seen.push(pk?.S?.at(-1));
        await put(get(), open().table, { pk: pk ?? text(""), sk: sk ?? text("") });
      }
    }
    expect(seen).toEqual(["0", "1", "2", "3", "4"]);
  });
}
