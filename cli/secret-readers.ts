import {
  type Event,
  LookupEventsCommand,
  type LookupEventsCommandOutput,
  ThrottlingException,
} from "@aws-sdk/client-cloudtrail";
import { day, type Instant, iso, second } from "../shared/instant.ts";
import type { Cloud } from "./aws.ts";

/** Somebody who read a secret. */
export interface Reader {
  principal: string;
  /** The service that read it for them, or what they read it with. */
  through: string;
  lastAt: string;
  count: number;
}

export interface Readers {
  readers: Reader[];
  /** Whether there is more than was looked at. */
  isPartial: boolean;
  lookups: number;
}

/**
 * Who read a secret in the last days, the latest first, as CloudTrail tells it: calls name a secret by its ARN or by its name, so
 * both are asked for. It tells of a call after some minutes, and for ninety days.
 */
export async function readersOf(cloud: Cloud, secret: { arn: string; name: string }, days: number): Promise<Readers> {
  const seen = new Map<string, Event>();
  const found: Readers = { readers: [], isPartial: false, lookups: 0 };
  const from = cloud.now() - days * day;
  for (const name of [secret.arn, secret.name]) {
    if (!(await lookUp(cloud, name, from, found, seen))) found.isPartial = true;
  }
  const groups = new Map<string, Reader>();
  for (const event of seen.values()) add(groups, event);
  found.readers = [...groups.values()].toSorted((one, other) => other.lastAt.localeCompare(one.lastAt));
  return found;
}

/** AWS allows two lookups a second. */
const betweenMs = 600;
const maximumPages = 40;

/** False when there is more than is looked at. */
async function lookUp(
  cloud: Cloud,
  name: string,
  from: Instant,
  found: Readers,
  seen: Map<string, Event>,
): Promise<boolean> {
  let token: string | undefined;
  for (let page = 0; page < maximumPages; page++) {
    if (found.lookups > 0) await cloud.pause(betweenMs);
    found.lookups += 1;
    const LookupAttributes = [{ AttributeKey: "ResourceName", AttributeValue: name } as const];
    const asked = { LookupAttributes, StartTime: new Date(from), MaxResults: 50, NextToken: token };
    const { Events = [], NextToken } = await asking(cloud, new LookupEventsCommand(asked));
    for (const event of Events) if (reads.has(event.EventName ?? "")) seen.set(event.EventId ?? "", event);
    if (NextToken === undefined) return true;
    token = NextToken;
  }
  return false;
}

/** Others of the account look things up as well, and share what is allowed. */
async function asking({ cloudtrail, pause }: Cloud, command: LookupEventsCommand): Promise<LookupEventsCommandOutput> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await cloudtrail.send(command);
    } catch (error) {
      if (!(error instanceof ThrottlingException) || attempt === maximumAttempts) throw error;
      await pause(attempt * second);
    }
  }
}

const maximumAttempts = 5;

const reads = new Set(["GetSecretValue", "BatchGetSecretValue"]);

function add(groups: Map<string, Reader>, { CloudTrailEvent, EventTime, Username }: Event): void {
  const record = fieldsIn(CloudTrailEvent ?? "");
  const identity = within(record, "userIdentity");
  const issuer = within(within(identity, "sessionContext"), "sessionIssuer");
  // A role's sessions are one reader, whatever each of them is called.
  const principal = text(issuer, "arn") ?? text(identity, "arn") ?? Username ?? text(identity, "type") ?? "unknown";
  const through = text(identity, "invokedBy") ?? toolOf(text(record, "userAgent") ?? "");
  const at = iso(EventTime?.getTime() ?? 0);
  const key = JSON.stringify([principal, through]);
  const before = groups.get(key) ?? { principal, through, lastAt: at, count: 0 };
  groups.set(key, { ...before, lastAt: before.lastAt > at ? before.lastAt : at, count: before.count + 1 });
}

/** The program and its version; what follows differs from machine to machine. */
function toolOf(userAgent: string): string {
  const [tool = ""] = userAgent.replace(/^\[|\]$/g, "").split(" ");
  return tool === "" ? "unknown" : tool;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsIn(document: string): Fields {
  try {
    return mapOf(JSON.parse(document));
  } catch {
    // What CloudTrail cannot tell is told as unknown.
    return {};
  }
}

function within(map: Fields, name: string): Fields {
  return mapOf(Object.hasOwn(map, name) ? map[name] : null);
}

function mapOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(map: Fields, name: string): string | null {
  const value = Object.hasOwn(map, name) ? map[name] : null;
  return typeof value === "string" && value !== "" ? value : null;
}
