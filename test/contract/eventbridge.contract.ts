// What the simulated EventBridge claims of PutEvents.

import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface EventBridgeConnection {
  send: EventBridgeClient["send"];
  /** A bus that is there. */
  bus: string;
}

export type ConnectEventBridge = () => Promise<EventBridgeConnection>;

export function eventBridgeContract(name: string, connect: ConnectEventBridge, exceptions: Exceptions = {}): void {
  describe(`${name}: EventBridge`, () => {
    const claims = createClaims(name, exceptions);
    taken(claims, connect);
    refused(claims, connect);
    claims.end();
  });
}

function entry(bus: string, over: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry {
  const Detail = JSON.stringify({ version: 1 });
  return { EventBusName: bus, Source: "nightshift", DetailType: "Finding", Detail, Time: new Date(0), ...over };
}

async function put(connect: ConnectEventBridge, overs: Partial<PutEventsRequestEntry>[]) {
  const { send, bus } = await connect();
  return await send(new PutEventsCommand({ Entries: overs.map((over) => entry(bus, over)) }));
}

function taken({ claim }: Claims, connect: ConnectEventBridge): void {
  claim("takes ten entries, and gives each an id of its own", async () => {
    const { FailedEntryCount, Entries = [] } = await put(connect, Array(10).fill({}));
    expect(FailedEntryCount).toBe(0);
    expect(new Set(Entries.map(({ EventId }) => EventId)).size).toBe(10);
    expect(Entries.filter(({ EventId = "" }) => EventId === "")).toEqual([]);
  });
  const incomplete: [what: string, over: Partial<PutEventsRequestEntry>, code: string][] = [
    ["a detail that is no JSON", { Detail: "{" }, "MalformedDetail"],
    ["a detail that is no object", { Detail: "[1]" }, "MalformedDetail"],
    ["an empty source", { Source: "" }, "InvalidArgument"],
    ["an empty detail type", { DetailType: "" }, "InvalidArgument"],
    ["an empty detail", { Detail: "" }, "InvalidArgument"],
  ];
  for (const [what, over, code] of incomplete) {
    claim(`takes the others where one has ${what}`, async () => {
      const { FailedEntryCount, Entries = [] } = await put(connect, [{}, over, {}]);
      expect(FailedEntryCount).toBe(1);
      expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, code, undefined]);
      expect(Entries.map(({ EventId }) => EventId !== undefined)).toEqual([true, false, true]);
    });
  }
}

function refused({ claim }: Claims, connect: ConnectEventBridge): void {
  claim("refuses eleven entries", async () => {
    await expect(put(connect, Array(11).fill({}))).rejects.toMatchObject({ name: "ValidationException" });
  });
  claim("refuses no entries", async () => {
    await expect(put(connect, [])).rejects.toMatchObject({ name: "ValidationException" });
  });
  claim("refuses more than 1 MiB in all", async () => {
    const Detail = JSON.stringify({ text: "x".repeat(130_000) });
    await expect(put(connect, Array(9).fill({ Detail }))).rejects.toMatchObject({ name: "ValidationException" });
  });
}
