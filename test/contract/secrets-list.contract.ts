// What the simulated Secrets Manager claims of its list.

import {
  DeleteSecretCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  type SecretListEntry,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";
import { type ConnectSecrets, made, type SecretsConnection } from "./secrets-manager.contract.ts";

export function secretsListContract(name: string, connect: ConnectSecrets, exceptions: Exceptions = {}): void {
  describe(`${name}: the list of Secrets Manager`, () => {
    const claims = createClaims(name, exceptions);
    lists(claims, connect);
    claims.end();
  });
}

async function listed(
  { send }: SecretsConnection,
  input: ListSecretsCommandInput = {},
): Promise<{ entries: SecretListEntry[]; pages: number }> {
  const entries: SecretListEntry[] = [];
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const page = await send(new ListSecretsCommand({ ...input, NextToken }));
    entries.push(...(page.SecretList ?? []));
    NextToken = page.NextToken;
    pages += 1;
  } while (NextToken !== undefined && pages < 50);
  return { entries, pages };
}

function lists({ claim }: Claims, connect: ConnectSecrets): void {
  claim("lists every secret once, page by page, with its tags, dates and labels", async () => {
    const connection = await connect();
    const names: string[] = [];
    for (let count = 0; count < 5; count++)
      names.push((await made(async () => connection, { tags: { own: "yes" } })).name);
    const { entries, pages } = await listed(connection, { MaxResults: 2, IncludePlannedDeletion: false });
    const ours = entries.filter(({ Name = "" }) => names.includes(Name));
    expect(ours.map(({ Name }) => Name).toSorted()).toEqual(names.toSorted());
    expect(pages).toBeGreaterThanOrEqual(3);
    for (const entry of ours) {
      expect(entry.Tags).toEqual([{ Key: "own", Value: "yes" }]);
      expect(entry.CreatedDate).toBeInstanceOf(Date);
      expect(entry.LastChangedDate).toBeInstanceOf(Date);
      expect(Object.values(entry.SecretVersionsToStages ?? {})).toEqual([["AWSCURRENT"]]);
    }
  });
  claim("lists those alone that have a tag", async () => {
    const connection = await connect();
    const tagged = await made(async () => connection, { tags: { "nightshift:kind": "api-key" } });
    await made(async () => connection);
    const Filters: ListSecretsCommandInput["Filters"] = [{ Key: "tag-key", Values: ["nightshift:kind"] }];
    const { entries } = await listed(connection, { MaxResults: 100, Filters });
    expect(entries.map(({ Name }) => Name)).toContain(tagged.name);
    expect(entries.every(({ Tags = [] }) => Tags.some(({ Key }) => Key === "nightshift:kind"))).toBe(true);
  });
  claim("leaves out what is marked for deletion unless it is asked for it", async () => {
    const secret = await made(connect);
    await secret.send(new DeleteSecretCommand({ SecretId: secret.arn }));
    const all = async (IncludePlannedDeletion: boolean) =>
      (await listed(secret, { MaxResults: 100, IncludePlannedDeletion })).entries.filter(
        ({ ARN }) => ARN === secret.arn,
      );
    expect(await all(false)).toEqual([]);
    expect(await all(true)).toMatchObject([{ DeletedDate: expect.any(Date) }]);
  });
}
