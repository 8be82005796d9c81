// A CloudTrail that lives in memory: what LookupEvents tells of the last ninety days, newest first, twice a second at most.
// MiniStack remembers no events and moto does not have the call, so the API reference alone decides what it does.

import {
  type CloudTrailClient,
  type Event as EventOutput,
  InvalidLookupAttributesException,
  InvalidMaxResultsException,
  InvalidNextTokenException,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
  ThrottlingException,
} from "@aws-sdk/client-cloudtrail";
import { day, type Instant, second } from "../../shared/instant.ts";
import { commandName } from "../commands.ts";

export interface Trailed {
  id: string;
  at: Instant;
  name: string;
  /** The names by which it is found, for example a secret's ARN. */
  resources: readonly string[];
  /** The event itself, as CloudTrail writes it. */
  record: object;
}

export interface SimulatedCloudTrail {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: CloudTrailClient["send"];
  record(event: Trailed): void;
  /** How often it was asked. */
  readonly lookups: number;
}

interface Contents {
  now: () => Instant;
  events: Trailed[];
  lookups: Instant[];
}

export function createCloudTrail({ now }: { now: () => Instant }): SimulatedCloudTrail {
  const contents: Contents = { now, events: [], lookups: [] };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof LookupEventsCommand) return lookupEvents(contents, command.input);
      throw new Error(`the simulated CloudTrail does not implement ${commandName(command)}`);
    }) as CloudTrailClient["send"],
    record: (event) => void contents.events.push(event),
    get lookups() {
      return contents.lookups.length;
    },
  };
}

// Source of the bounds: API reference, LookupEvents.
const largestPage = 50;
const keptMs = 90 * day;
const lookupsPerSecond = 2;
const bad = { $metadata: { httpStatusCode: 400 } };
const parameters = new Set(["LookupAttributes", "StartTime", "EndTime", "MaxResults", "NextToken"]);

function lookupEvents(contents: Contents, input: LookupEventsCommandInput): LookupEventsCommandOutput {
  const unknown = Object.keys(input).find((name) => !parameters.has(name));
  if (unknown !== undefined) throw new Error(`the simulated CloudTrail does not implement ${unknown}`);
  const { LookupAttributes = [], MaxResults = largestPage, NextToken, StartTime, EndTime } = input;
  const now = contents.now();
  const recent = contents.lookups.filter((at) => now - at < second).length;
  contents.lookups.push(now);
  if (recent >= lookupsPerSecond) throw new ThrottlingException({ message: "Rate exceeded", ...bad });
  if (MaxResults < 1 || MaxResults > largestPage) throw new InvalidMaxResultsException({ message: "1 to 50", ...bad });
  const [attribute] = LookupAttributes;
  if (LookupAttributes.length > 1 || (attribute !== undefined && attribute.AttributeKey !== "ResourceName")) {
    throw new InvalidLookupAttributesException({ message: "one attribute at most, here ResourceName", ...bad });
  }
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw new InvalidNextTokenException({ message: "none of ours", ...bad });
  const oldest = Math.max(StartTime?.getTime() ?? 0, now - keptMs);
  const found = contents.events
    .filter(({ at }) => at >= oldest && at <= (EndTime?.getTime() ?? now))
    .filter(({ resources }) => attribute === undefined || resources.includes(attribute.AttributeValue ?? ""))
    .toSorted((one, other) => other.at - one.at);
  const Events = found.slice(from, from + MaxResults).map(outputOf);
  const isMore = from + MaxResults < found.length;
  return { $metadata: { httpStatusCode: 200 }, Events, ...(isMore ? { NextToken: String(from + MaxResults) } : {}) };
}

function outputOf({ id, at, name, resources, record }: Trailed): EventOutput {
  return {
    EventId: id,
    EventName: name,
    EventTime: new Date(at),
    Resources: resources.map((ResourceName) => ({ ResourceName })),
    CloudTrailEvent: JSON.stringify(record),
  };
}
