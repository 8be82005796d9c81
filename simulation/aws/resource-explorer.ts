// A Resource Explorer that lives in memory: an index of resources, which knows of those without tags as well.

import {
  type Resource,
  type ResourceExplorer2Client,
  SearchCommand,
  type SearchCommandInput,
  type SearchCommandOutput,
  UnauthorizedException,
  ValidationException,
} from "@aws-sdk/client-resource-explorer-2";
import type { Instant } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing } from "./listing.ts";
import { isPageSize } from "./pages.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { ok, refused, stated, type Tags, tagList, type Wire } from "./wire.ts";

/** A resource as it is in the index: changed at will by whoever sets a scene. */
export interface IndexedRecord {
  readonly arn: string;
  /** As Resource Explorer names it: `rds:db`, `ec2:volume`, `s3:bucket`. */
  readonly type: string;
  region: string;
  reportedAt: Instant;
  tags: Tags;
}

export interface SimulatedResourceExplorer {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ResourceExplorer2Client["send"];
  readonly seam: Seam;
  /** Whether the region has a view; without one nobody may search. */
  hasView: boolean;
  put(arn: string, type: string, change?: Partial<Omit<IndexedRecord, "arn" | "type">>): IndexedRecord;
  readonly resources: Listing<IndexedRecord>;
}

export function createResourceExplorer(options: {
  now: () => Instant;
  account: string;
  region: string;
}): SimulatedResourceExplorer {
  const { now, account, region } = options;
  const seam = openSeam();
  const viewArn = `arn:aws:resource-explorer-2:${region}:${account}:view/all/00000000-0000-4000-8000-000000000001`;
  const simulated: SimulatedResourceExplorer = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(seam, (command) => {
      if (command instanceof SearchCommand) return search(simulated, { account, viewArn }, command.input);
      throw new Error(`the simulated Resource Explorer does not implement ${commandName(command)}`);
    }) as ResourceExplorer2Client["send"],
    seam,
    hasView: true,
    resources: new Listing(),
    put(arn, type, change = {}) {
      const own = arn.split(":")[3];
      const record = {
        arn,
        type,
        region: own === "" || own === undefined ? "global" : own,
        reportedAt: now(),
        tags: {},
      };
      const indexed: IndexedRecord = { ...record, ...change };
      simulated.resources.add(indexed);
      return indexed;
    },
  };
  return simulated;
}

/** Nobody is ever told of more, on however many pages; then the count is not complete. Source: API reference, Search. */
const mostFound = 1000;
const usualPage = 100;

function search(
  { seam, hasView, resources }: SimulatedResourceExplorer,
  { account, viewArn }: { account: string; viewArn: string },
  input: SearchCommandInput,
): Wire<SearchCommandOutput> {
  const command = "SearchCommand";
  refuseParameters("Resource Explorer", command, input, ["QueryString", "ViewArn", "MaxResults", "NextToken"]);
  const { QueryString = "", ViewArn = viewArn, MaxResults = usualPage, NextToken: token } = input;
  if (!hasView || ViewArn !== viewArn) throw new UnauthorizedException({ message: "Unauthorized", ...refused });
  if (!isPageSize(MaxResults, mostFound)) throw invalid(`MaxResults must be between 1 and ${mostFound}`);
  const fits = filterOf(QueryString);
  const matching = resources.items.filter(fits);
  const found = new Set(matching.slice(0, mostFound));
  const size = seam.pageSize(command, MaxResults);
  const page = resources.page({ size, token, fits: (record) => found.has(record) });
  if (page === undefined) throw invalid("Invalid NextToken");
  return {
    ...ok,
    ...{ Resources: page.items.map((record) => resourceOf(record, account)), ViewArn },
    Count: { TotalResources: found.size, Complete: matching.length <= mostFound },
    ...stated("NextToken", page.next ?? null),
  };
}

/** What each part of a query says: words are joined by `and`, values after a colon by `or`, and no difference is made of case. */
function filterOf(query: string): (record: IndexedRecord) => boolean {
  const parts = query.split(/\s+/).filter((part) => part !== "");
  const filters = parts.map((part) => {
    const [, name = "", text = ""] = /^([a-z.]+):(.+)$/i.exec(part) ?? [];
    const values = text.toLowerCase().split(",");
    switch (name.toLowerCase()) {
      case "resourcetype":
        return ({ type }: IndexedRecord) => values.includes(type.toLowerCase());
      case "service":
        return ({ type }: IndexedRecord) => values.includes(type.split(":")[0] ?? "");
      case "region":
        return ({ region }: IndexedRecord) => values.includes(region);
      case "tag":
        if (text !== "none" && text !== "all") break;
        return ({ tags }: IndexedRecord) => (Object.keys(tags).length === 0) === (text === "none");
      case "tag.key":
        return ({ tags }: IndexedRecord) => Object.keys(tags).some((key) => values.includes(key.toLowerCase()));
      default:
    }
    throw new Error(`the simulated Resource Explorer does not implement ${part} in a query`);
  });
  return (record) => filters.every((filter) => filter(record));
}

function resourceOf({ arn, type, region, reportedAt, tags }: IndexedRecord, account: string): Wire<Resource> {
  const LastReportedAt = new Date(reportedAt);
  const properties = Object.keys(tags).length === 0 ? [] : [{ Name: "tags", LastReportedAt, Data: tagList(tags) }];
  return {
    ...{ Arn: arn, OwningAccountId: account, Region: region, ResourceType: type, Service: type.split(":")[0] ?? "" },
    ...{ LastReportedAt, Properties: properties },
  };
}

function invalid(Message: string): ValidationException {
  return new ValidationException({ message: Message, Message, ...refused });
}
