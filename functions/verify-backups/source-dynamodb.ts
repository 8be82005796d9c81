import {
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import type { Continuous, Resource } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";
import { tagsOf } from "./source-rds.ts";
import { whyUnread } from "./why-unread.ts";

/** Every table, with what DynamoDB says of its point-in-time recovery. A table that cannot be asked is unknown; the others are not. */
export async function* tables({ dynamodb }: Observers, place: Place): AsyncGenerator<Resource[]> {
  let start: string | undefined;
  do {
    const { TableNames = [], LastEvaluatedTableName } = await dynamodb.send(
      new ListTablesCommand({ Limit: 100, ...(start === undefined ? {} : { ExclusiveStartTableName: start }) }),
    );
    const page: Resource[] = [];
    for (const name of TableNames) page.push(await tableNamed(dynamodb, name, place));
    yield page;
    start = LastEvaluatedTableName;
  } while (start !== undefined);
}

async function tableNamed(
  dynamodb: Pick<DynamoDBClient, "send">,
  name: string,
  { partition, account, region }: Place,
): Promise<Resource> {
  const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
  const shared = { arn, type: "DynamoDB", region, account, name } as const;
  try {
    const continuous = await recoveryOf(dynamodb, name);
    return { ...shared, tags: await tagsOfTable(dynamodb, arn), continuous, unknown: null };
  } catch (error) {
    return { ...shared, tags: null, continuous: null, unknown: `it could not be asked: ${whyUnread(error)}` };
  }
}

async function recoveryOf(dynamodb: Pick<DynamoDBClient, "send">, name: string): Promise<Continuous | null> {
  const { ContinuousBackupsDescription } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: name }),
  );
  const { PointInTimeRecoveryStatus, LatestRestorableDateTime } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  if (PointInTimeRecoveryStatus !== "ENABLED" || LatestRestorableDateTime === undefined) return null;
  return { mechanism: "point-in-time recovery", latestAt: LatestRestorableDateTime.getTime(), lagSeconds: null };
}

async function tagsOfTable(dynamodb: Pick<DynamoDBClient, "send">, arn: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  let token: string | undefined;
  do {
    const { Tags, NextToken } = await dynamodb.send(
      new ListTagsOfResourceCommand({ ResourceArn: arn, ...(token === undefined ? {} : { NextToken: token }) }),
    );
    Object.assign(tags, tagsOf(Tags));
    token = NextToken;
  } while (token !== undefined);
  return tags;
}
