// An EventBridge that lives in memory and routes nothing: it keeps what was put on its buses, and tells whoever listens. What it
// claims is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  type EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsCommandInput,
  type PutEventsCommandOutput,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import type { Instant } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface PutEvent {
  at: Instant;
  bus: string;
  source: string;
  type: string;
  detail: unknown;
}

export interface SimulatedEventBridge {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: EventBridgeClient["send"];
  /** In the order in which they were put. */
  readonly events: PutEvent[];
  /** Asked once for each entry, if set: the error code with which the service refuses this one, while it takes the others. */
  refuse: ((entry: PutEventsRequestEntry) => string | null) | null;
  onEvent(listener: (event: PutEvent) => void): void;
}

interface Service {
  now: () => Instant;
  events: PutEvent[];
  listeners: ((event: PutEvent) => void)[];
  sequence: number;
}

export function createEventBridge({ now }: { now: () => Instant }): SimulatedEventBridge {
  const service: Service = { now, events: [], listeners: [], sequence: 0 };
  const simulated: SimulatedEventBridge = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof PutEventsCommand) return putEvents(service, simulated.refuse, command.input);
      throw new Error(`the simulated EventBridge does not implement ${commandName(command)}`);
    }) as EventBridgeClient["send"],
    events: service.events,
    refuse: null,
    onEvent: (listener) => void service.listeners.push(listener),
  };
  return simulated;
}

// Source of the bounds: API reference, PutEvents and "Calculating EventBridge PutEvents event entry size".
const maximumEntries = 10;
const maximumBytes = 1_024 * 1_024;
const parameters = new Set(["EventBusName", "Source", "DetailType", "Detail", "Time"]);

function putEvents(
  service: Service,
  refuse: SimulatedEventBridge["refuse"],
  { Entries = [], ...others }: PutEventsCommandInput,
): PutEventsCommandOutput {
  const unknown = [others, ...Entries].flatMap((part) => Object.keys(part)).find((name) => !parameters.has(name));
  if (unknown !== undefined)
    throw new Error(`the simulated EventBridge does not implement ${unknown} of PutEventsCommand`);
  if (Entries.length === 0 || Entries.length > maximumEntries) {
    throw invalid(`entries: Member must have length between 1 and ${maximumEntries}`);
  }
  const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > maximumBytes) throw invalid(`Total size of the entries in the request is over the limit.`);
  const results = Entries.map((entry) => put(service, entry, refuse?.(entry) ?? problemOf(entry)));
  const FailedEntryCount = results.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
  return { $metadata: { httpStatusCode: 200 }, FailedEntryCount, Entries: results };
}

/** What is wrong with an entry is told of that entry; the others are taken. */
function put(service: Service, entry: PutEventsRequestEntry, code: string | null): PutEventsResultEntry {
  if (code !== null) return { ErrorCode: code, ErrorMessage: `the entry was refused: ${code}` };
  const { EventBusName = "default", Source = "", DetailType = "", Detail = "", Time } = entry;
  const at = Time?.getTime() ?? service.now();
  const event: PutEvent = { at, bus: EventBusName, source: Source, type: DetailType, detail: JSON.parse(Detail) };
  service.events.push(event);
  for (const listener of service.listeners) listener(event);
  return { EventId: `00000000-0000-4000-8000-${(++service.sequence).toString(16).padStart(12, "0")}` };
}

function problemOf({ Source = "", DetailType = "", Detail = "" }: PutEventsRequestEntry): string | null {
  if (Source === "" || DetailType === "" || Detail === "") return "InvalidArgument";
  try {
    const detail: unknown = JSON.parse(Detail);
    return typeof detail === "object" && detail !== null && !Array.isArray(detail) ? null : "MalformedDetail";
  } catch {
    return "MalformedDetail";
  }
}

/** A time counts 14 bytes, and every text its UTF-8. */
function sizeOf({ Time, Source = "", DetailType = "", Detail = "" }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}

function invalid(problem: string): EventBridgeServiceException {
  return new EventBridgeServiceException({
    name: "ValidationException",
    message: problem,
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
  });
}
