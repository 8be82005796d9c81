// What the simulated tagging claims of resources that are found by their tags.

import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  type GetResourcesCommandOutput,
  type ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface TaggingConnection {
  send: ResourceGroupsTaggingAPIClient["send"];
  /** A queue with these tags; its ARN. */
  makeQueue(tags: Readonly<Record<string, string>>): Promise<string>;
}

export type ConnectTagging = () => Promise<TaggingConnection>;

export function taggingContract(name: string, connect: ConnectTagging, exceptions: Exceptions = {}): void {
  describe(`${name}: tagging`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("finds resources by a tag's key, and tells all tags of each", async () => {
      const { arns, key, found } = await openScene(connect);
      const resources = await found({ TagFilters: [{ Key: key }] });
      expect(resources.map(({ ResourceARN }) => ResourceARN).toSorted()).toEqual(arns.toSorted());
      const tags = resources.find(({ ResourceARN }) => ResourceARN === arns[0])?.Tags ?? [];
      expect(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))).toEqual({ [key]: "a", team: "shop" });
    });
    claim("finds resources by a tag's key and one of its values", async () => {
      const { arns, key, arnsFound } = await openScene(connect);
      expect(await arnsFound({ TagFilters: [{ Key: key, Values: ["a", "z"] }] })).toEqual([arns[0]]);
    });
    claim("finds resources by all of the tags that were asked for", async () => {
      const { arns, key, arnsFound } = await openScene(connect);
      const team = { Key: "team", Values: ["shop"] };
      expect(await arnsFound({ TagFilters: [{ Key: key }, team] })).toEqual([arns[0], arns[1]].toSorted());
    });
    claim("finds resources of the services that were asked for", async () => {
      const { arns, key, arnsFound } = await openScene(connect);
      const TagFilters = [{ Key: key }];
      expect(await arnsFound({ TagFilters, ResourceTypeFilters: ["sqs"] })).toEqual(arns.toSorted());
      expect(await arnsFound({ TagFilters, ResourceTypeFilters: ["ecs:service"] })).toEqual([]);
    });
    claim("gives pages of the size that was asked for, which hold every resource once", async () => {
      const { send, arns, key } = await openScene(connect);
      const seen: unknown[] = [];
      let PaginationToken: string | undefined;
      do {
        const token = PaginationToken === undefined ? {} : { PaginationToken };
        const page: GetResourcesCommandOutput = await send(
          new GetResourcesCommand({ TagFilters: [{ Key: key }], ResourcesPerPage: 2, ...token }),
        );
        const { ResourceTagMappingList: resources = [] } = page;
        expect(resources.length).toBeLessThanOrEqual(2);
        seen.push(...resources.map(({ ResourceARN }) => ResourceARN));
        PaginationToken = page.PaginationToken;
      } while (PaginationToken !== undefined && PaginationToken !== "");
      expect(seen.toSorted()).toEqual(arns.toSorted());
    });
    for (const ResourcesPerPage of [0, 101]) {
      claim(`refuses pages of ${ResourcesPerPage}`, async () => {
        const { found } = await openScene(connect);
        const asked = found({ ResourcesPerPage });
        await expect(asked).rejects.toMatchObject({ name: "InvalidParameterException" });
      });
    }
    end();
  });
}

async function openScene(connect: ConnectTagging) {
  const { send, makeQueue } = await connect();
  const key = `contract-${crypto.randomUUID()}`;
  const arns = [
    await makeQueue({ [key]: "a", team: "shop" }),
    await makeQueue({ [key]: "b", team: "shop" }),
    await makeQueue({ [key]: "c" }),
  ];
  await makeQueue({ team: "shop" });
  const found = async (input: GetResourcesCommandInput) =>
    (await send(new GetResourcesCommand(input))).ResourceTagMappingList ?? [];
  const arnsFound = async (input: GetResourcesCommandInput) =>
    (await found(input)).map(({ ResourceARN }) => ResourceARN).toSorted();
  return { send, key, arns, found, arnsFound };
}
