import type { Resource, ResourceType } from "../../shared/backups/types.ts";
import { Unavailable } from "../../shared/failures.ts";
import { type Known, knownArns, typeOfArn } from "./arns.ts";
import type { Observers, Place } from "./observers.ts";
import { configArns } from "./source-config.ts";
import { tables } from "./source-dynamodb.ts";
import { instancesAndVolumes } from "./source-ec2.ts";
import { explorerArns } from "./source-explorer.ts";
import { fileSystems } from "./source-files.ts";
import { databases } from "./source-rds.ts";
import { buckets } from "./source-s3.ts";
import { whyUnread } from "./why-unread.ts";

// What should be protected, not what is: the services are asked what there is, and those who index all of it what else there is.

/** Who was asked, and whether all of it was told. */
export interface Source {
  source: string;
  region: string;
  complete: boolean;
  reason: string | null;
}

export interface Inventory {
  resources: Resource[];
  sources: Source[];
}

type Ask = (observers: Observers, place: Place) => AsyncGenerator<Resource[]>;

/** Who knows the resources of these types best. */
const owners: readonly { source: string; types: readonly ResourceType[]; ask: Ask }[] = [
  { source: "rds", types: ["RDS", "Aurora"], ask: databases },
  { source: "dynamodb", types: ["DynamoDB"], ask: tables },
  { source: "s3", types: ["S3"], ask: buckets },
  { source: "ec2", types: ["EC2", "EBS"], ask: instancesAndVolumes },
  { source: "files", types: ["EFS", "FSx"], ask: fileSystems },
];

/** Those who know of resources of every type, and nothing else of them. */
const indexes = [
  { source: "config", ask: configArns },
  { source: "resource-explorer", ask: explorerArns },
];

export interface Inquiry {
  hasTime: () => boolean;
  /** What the last run found; it is asked only where an owner fails. */
  lastKnown: () => Promise<readonly { arn: string; region: string }[]>;
}

/** Every resource of a region. Where an owner fails, what an index knows of its types is there all the same, and unknown. */
export async function inventoryOf(
  observers: Observers,
  place: Place,
  { hasTime, lastKnown }: Inquiry,
): Promise<Inventory> {
  const resources = new Map<string, Resource>();
  const sources: Source[] = [];
  const failed = new Map<ResourceType, string>();
  const add = (source: string, reason: string | null) =>
    sources.push({ source, region: place.region, complete: reason === null, reason });
  for (const { source, types, ask } of owners) {
    try {
      for await (const page of ask(observers, place)) {
        for (const each of page) resources.set(each.arn, each);
        if (!hasTime()) throw new Unavailable("no time was left");
      }
      add(source, null);
    } catch (error) {
      const reason = whyUnread(error);
      add(source, reason);
      for (const type of types) failed.set(type, `${source} could not be asked: ${reason}`);
    }
  }
  const addUnknown = (known: Known) => {
    const reason = failed.get(known.type);
    if (reason !== undefined && !resources.has(known.arn))
      resources.set(known.arn, unknownResource(known, place, reason));
  };
  for (const { source, ask } of indexes) {
    try {
      for await (const page of ask(observers, place)) for (const known of page) addUnknown(known);
      add(source, null);
    } catch (error) {
      add(source, whyUnread(error));
    }
  }
  if (failed.size > 0) {
    try {
      const before = (await lastKnown()).filter(({ region }) => region === place.region);
      for (const known of knownArns(before.map(({ arn }) => arn))) addUnknown(known);
      add("last-evidence", null);
    } catch (error) {
      add("last-evidence", whyUnread(error));
    }
  }
  return { resources: [...resources.values()], sources };
}

export function unknownResource(
  { arn, type }: Pick<Resource, "arn" | "type">,
  { account, region }: Place,
  unknown: string,
): Resource {
  return { arn, type, region, account, name: arn.split(/[:/]/).at(-1) ?? arn, tags: null, continuous: null, unknown };
}

/** Which types nobody could list, with the reason. */
export function unlistedTypes({ sources }: Inventory): Map<ResourceType, string> {
  const unlisted = new Map<ResourceType, string>();
  for (const { source, types } of owners) {
    const reason = sources.find((each) => each.source === source)?.reason ?? null;
    if (reason !== null) for (const type of types) unlisted.set(type, `${source} could not be asked: ${reason}`);
  }
  return unlisted;
}

/** Whether an ARN that nobody tells of may be there all the same: whoever knows its type best, where it is, could not be asked. */
export function mayBeThere(arn: string, sources: readonly Source[]): boolean {
  const type = typeOfArn(arn);
  const [, , , region = ""] = arn.split(":");
  const isOwner = (name: string) =>
    owners.some(({ source, types }) => source === name && types.some((each) => each === type));
  return sources.some((each) => !each.complete && isOwner(each.source) && (region === "" || region === each.region));
}

/** Each once: a region is read for itself, and for the copies of others. */
export function distinct(sources: readonly Source[]): Source[] {
  const byName = new Map<string, Source>();
  for (const each of sources) {
    const name = `${each.source} ${each.region}`;
    if (byName.get(name)?.complete !== false) byName.set(name, each);
  }
  return [...byName.values()];
}
