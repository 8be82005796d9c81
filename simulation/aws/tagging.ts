// A Resource Groups Tagging API that lives in memory: which resources have which tags, as the world says. It is told of tags by
// itself, and not by the services that have them: as on AWS, the two may disagree for a while.

import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  type GetResourcesCommandOutput,
  InvalidParameterException,
  PaginationTokenExpiredException,
  type ResourceGroupsTaggingAPIClient,
  type TagFilter,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { commandName, refuseParameters } from "../commands.ts";
import { isPageSize, pageOf } from "./pages.ts";

type Tags = Readonly<Record<string, string>>;

export interface SimulatedTagging {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: ResourceGroupsTaggingAPIClient["send"];
  /** The resource has these tags and no others. */
  put(arn: string, tags: Tags): void;
  remove(arn: string): void;
}

export function createTagging(): SimulatedTagging {
  const resources = new Map<string, Tags>();
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof GetResourcesCommand) return getResources(resources, command.input);
      throw new Error(`the simulated tagging does not implement ${commandName(command)}`);
    }) as ResourceGroupsTaggingAPIClient["send"],
    put: (arn, tags) => void resources.set(arn, { ...tags }),
    remove: (arn) => void resources.delete(arn),
  };
}

// Source of the bounds: API reference, GetResources.
const defaultPage = 50;
const maximumPage = 100;
const maximumFilters = 50;
const maximumValues = 20;
const maximumTypes = 100;
const parameters = ["TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken"];

/** The last page has a token too, an empty one. */
function getResources(
  resources: ReadonlyMap<string, Tags>,
  input: GetResourcesCommandInput,
): GetResourcesCommandOutput {
  refuseParameters("tagging", "GetResourcesCommand", input, parameters);
  const { TagFilters: filters = [], ResourceTypeFilters: types = [], ResourcesPerPage = defaultPage } = input;
  if (!isPageSize(ResourcesPerPage, maximumPage))
    throw invalid(`ResourcesPerPage must be between 1 and ${maximumPage}`);
  if (filters.length > maximumFilters) throw invalid(`TagFilters: at most ${maximumFilters}`);
  if (filters.some(({ Values = [] }) => Values.length > maximumValues))
    throw invalid(`Values: at most ${maximumValues}`);
  if (types.length > maximumTypes) throw invalid(`ResourceTypeFilters: at most ${maximumTypes}`);
  const found = [...resources].filter(
    ([arn, tags]) =>
      (types.length === 0 || types.some((type) => isOf(arn, type))) && filters.every((filter) => passes(tags, filter)),
  );
  const token = input.PaginationToken === "" ? undefined : input.PaginationToken;
  const page = pageOf(found, ([arn]) => arn, { size: ResourcesPerPage, token });
  if (page === undefined) {
    const message = "A PaginationToken is valid for a maximum of 15 minutes.";
    throw new PaginationTokenExpiredException({ message, ...refused });
  }
  return {
    $metadata: { httpStatusCode: 200 },
    PaginationToken: page.next ?? "",
    ResourceTagMappingList: page.items.map(([ResourceARN, tags]) => ({
      ResourceARN,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

/** `service` or `service:type`, as an ARN has them: `arn:aws:ecs:REGION:ACCOUNT:service/shop/checkout`. */
function isOf(arn: string, filter: string): boolean {
  const [, , service, , , rest = ""] = arn.split(":");
  const [wanted, type] = filter.split(":");
  return service === wanted && (type === undefined || rest.split("/")[0] === type);
}

/** A key without values is enough by itself. */
function passes(tags: Tags, { Key = "", Values = [] }: TagFilter): boolean {
  return Object.hasOwn(tags, Key) && (Values.length === 0 || Values.includes(tags[Key] ?? ""));
}

function invalid(message: string): InvalidParameterException {
  return new InvalidParameterException({ message, ...refused });
}

const refused = { $metadata: { httpStatusCode: 400 } };
