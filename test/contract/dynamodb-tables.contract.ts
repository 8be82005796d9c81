// What the simulated tables of DynamoDB claim: which there are, and how they are backed up.

import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTablesCommand,
  type ListTablesCommandOutput,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect } from "vitest";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";

export interface TablesConnection {
  send: DynamoDBClient["send"];
  /** With the tag `team` of `shop`, and restorable to any instant or not; its name. */
  makeTable(isRestorable: boolean): Promise<string>;
}

export type ConnectTables = () => Promise<TablesConnection>;

export function tablesContract(name: string, connect: ConnectTables, exceptions: Exceptions = {}): void {
  describe(`${name}: tables of DynamoDB`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("gives the names of tables in pages of the size that was asked for, each once", async () => {
      const { send, makeTable } = await connect();
      const made = [await makeTable(false), await makeTable(false), await makeTable(false)];
      const seen: string[] = [];
      let from: string | undefined;
      do {
        const start = from === undefined ? {} : { ExclusiveStartTableName: from };
        const page: ListTablesCommandOutput = await send(new ListTablesCommand({ Limit: 2, ...start }));
        const { TableNames: names = [] } = page;
        expect(names.length).toBeLessThanOrEqual(2);
        seen.push(...names);
        from = page.LastEvaluatedTableName;
      } while (from !== undefined);
      expect(seen.filter((table) => made.includes(table)).toSorted()).toEqual(made.toSorted());
    });
    for (const Limit of [0, 101]) {
      claim(`refuses pages of ${Limit}`, async () => {
        const { send } = await connect();
        await expect(send(new ListTablesCommand({ Limit }))).rejects.toMatchObject({ name: "ValidationException" });
      });
    }
    claim("tells of a table, and of its tags", async () => {
      const { send, makeTable } = await connect();
      const TableName = await makeTable(false);
      const { Table } = await send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({ TableName, TableStatus: "ACTIVE" });
      const ResourceArn = Table?.TableArn ?? "";
      expect(ResourceArn).toMatch(new RegExp(`^arn:aws:dynamodb:us-east-1:\\d{12}:table/${TableName}$`));
      const { Tags } = await send(new ListTagsOfResourceCommand({ ResourceArn }));
      expect(Tags).toEqual([{ Key: "team", Value: "shop" }]);
    });
    recoveryContract(connect, claim);
    claim("finds neither a table that is not there, nor its backups", async () => {
      const { send } = await connect();
      const TableName = "absent";
      const table = send(new DescribeTableCommand({ TableName }));
      await expect(table).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      const backups = send(new DescribeContinuousBackupsCommand({ TableName }));
      await expect(backups).rejects.toMatchObject({ name: "TableNotFoundException" });
    });
    end();
  });
}

function recoveryContract(connect: ConnectTables, claim: Claims["claim"]): void {
  claim("states to which instant a table could be restored", async () => {
    const { send, makeTable } = await connect();
    const TableName = await makeTable(true);
    const { ContinuousBackupsDescription } = await send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(ContinuousBackupsDescription).toMatchObject({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: "ENABLED",
        ...{ LatestRestorableDateTime: expect.any(Date), EarliestRestorableDateTime: expect.any(Date) },
      },
    });
  });
  claim("states no such instant where it could not", async () => {
    const { send, makeTable } = await connect();
    const TableName = await makeTable(false);
    const { ContinuousBackupsDescription } = await send(new DescribeContinuousBackupsCommand({ TableName }));
    const { PointInTimeRecoveryDescription: recovery } = ContinuousBackupsDescription ?? {};
    expect(recovery).toMatchObject({ PointInTimeRecoveryStatus: "DISABLED" });
    expect(recovery?.LatestRestorableDateTime).toBeUndefined();
  });
}
