// Everything that the functions ask of the simulated DynamoDB in a stretch of simulated days, asked of another
// implementation too, in the same order: every answer must be the same, and the table at the end.

import {
  CreateTableCommand,
  type DynamoDBClient,
  ScanCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { createDecisionsTable, createLedgerTable, decisionsTable, ledgerTable } from "../../simulation/table.ts";
import type { Connect, Item } from "./connection.ts";
import type { Sending } from "./sent.ts";
import { simulateStretch } from "./stretch.ts";

export function repeatStretch(connect: Connect): void {
  test("a stretch of simulated days has the same answers, and leaves the same table", {
    timeout: 300_000,
  }, async () => {
    const { asked, rows } = await recordStretch();
    expect(asked.length).toBeGreaterThan(1_000);
    const other = await connect();
    await createLedgerTable(other);
    await createDecisionsTable(other);
    for (const [place, { command, answer }] of asked.entries()) {
      expect({ place, answer: await shown(other.send(command as never)) }).toEqual({ place, answer });
    }
    expect(await everyRow(other)).toEqual(rows);
  });
}

interface Asked {
  command: unknown;
  answer: unknown;
}

async function recordStretch(): Promise<{ asked: Asked[]; rows: Item[] }> {
  const asked: Asked[] = [];
  const sends: DynamoDBClient["send"][] = [];
  await simulateStretch(({ dynamodb }) => {
    sends.push(dynamodb.send);
    // What a stale read sees is the simulation's own idea of how far a replica is behind.
    dynamodb.stale = null;
    const send = dynamodb.send as Sending;
    const recording: Sending = (command) => {
      // What is told of a new table is each implementation's own; it is there in the other one as well.
      if (command instanceof CreateTableCommand) return send(command);
      const answer = send(command);
      // In its place before it is answered: the simulation has carried it out already.
      const one: Asked = { command, answer: undefined };
      asked.push(one);
      void shown(answer).then((seen) => {
        one.answer = seen;
      });
      return answer;
    };
    dynamodb.send = recording as DynamoDBClient["send"];
  });
  const [send] = sends;
  if (send === undefined) throw new Error("nothing was simulated");
  return { asked, rows: await everyRow({ send }) };
}

/** The parts of an answer that are promised: no metadata, no order where there is none, and of an error its name. */
async function shown(answer: Promise<unknown>): Promise<unknown> {
  try {
    const { $metadata: _, ...rest } = (await answer) as { $metadata: unknown } & Answer;
    const { Items, Responses } = rest;
    return {
      ...rest,
      ...(Items && { Items: sorted(Items), orders: Items.map(({ order }) => order?.S) }),
      ...(Responses && { Responses: Object.entries(Responses).map(([table, items]) => [table, sorted(items)]) }),
    };
  } catch (error) {
    if (error instanceof TransactionCanceledException) return (error.CancellationReasons ?? []).map(({ Code }) => Code);
    return error instanceof Error ? error.name : error;
  }
}

interface Answer {
  Items?: Item[];
  Responses?: Record<string, Item[]>;
}

function sorted(items: readonly Item[]): Item[] {
  const name = ({ pk, sk }: Item): string => `${pk?.S}\n${sk?.S}`;
  return items.toSorted((one, other) => (name(one) < name(other) ? -1 : 1));
}

async function everyRow(client: Pick<DynamoDBClient, "send">): Promise<Item[]> {
  return [...(await rowsOf(client, ledgerTable)), ...(await rowsOf(client, decisionsTable))];
}

async function rowsOf({ send }: Pick<DynamoDBClient, "send">, table: string): Promise<Item[]> {
  const rows: Item[] = [];
  let start: Item | undefined;
  do {
    const page: { Items?: Item[]; LastEvaluatedKey?: Item } = await send(
      new ScanCommand({ TableName: table, ExclusiveStartKey: start, ConsistentRead: true }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return sorted(rows);
}
