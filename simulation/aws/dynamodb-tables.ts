// DynamoDB as far as it tells of tables and of how they are backed up: of any account's tables, not of the ledger's, whose contents are
// simulated in dynamodb.ts. What it claims is a suite in test/contract, to which MiniStack and moto are held as well.

import {
  DescribeContinuousBackupsCommand,
  type DescribeContinuousBackupsCommandInput,
  type DescribeContinuousBackupsCommandOutput,
  DescribeTableCommand,
  type DescribeTableCommandInput,
  type DescribeTableCommandOutput,
  type DynamoDBClient,
  DynamoDBServiceException,
  ListTablesCommand,
  type ListTablesCommandInput,
  type ListTablesCommandOutput,
  ListTagsOfResourceCommand,
  type ListTagsOfResourceCommandInput,
  type ListTagsOfResourceCommandOutput,
  ResourceNotFoundException,
  TableNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { type Instant, minute } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";
import { Listing } from "./listing.ts";
import { isPageSize } from "./pages.ts";
import { openSeam, type Seam, throughSeam } from "./seam.ts";
import { dated, type Moment, momentOf, ok, refused, stated, type Tags, tagList, type Wire } from "./wire.ts";

/** A table as it stands: changed at will by whoever sets a scene. */
export interface TableRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  status: string;
  /** Whether it can be restored to any instant; any text, for the service may come to have another word. */
  recovery: string;
  recoveryDays: number;
  /** As the service states them, where recovery is ENABLED. */
  earliestRestorableAt: Moment;
  latestRestorableAt: Moment;
  keyArn: string | null;
  tags: Tags;
}

export interface SimulatedTables {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: DynamoDBClient["send"];
  readonly seam: Seam;
  /** Active, and not restorable, unless stated otherwise: ENABLED recovery is five minutes behind. */
  put(name: string, change?: Partial<Omit<TableRecord, "name" | "arn">>): TableRecord;
  remove(name: string): void;
}

interface Contents {
  now: () => Instant;
  seam: Seam;
  tables: Map<string, TableRecord>;
  /** Their names in order; null when it has to be made anew. */
  sorted: string[] | null;
}

export function createTables(options: { now: () => Instant; account: string; region: string }): SimulatedTables {
  const { now, account, region } = options;
  const contents: Contents = { now, seam: openSeam(), tables: new Map(), sorted: null };
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: throughSeam(contents.seam, (command) => answer(contents, command)) as DynamoDBClient["send"],
    seam: contents.seam,
    put(name, change = {}) {
      const record: TableRecord = {
        ...{ name, arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`, createdAt: now(), status: "ACTIVE" },
        ...{ recovery: "DISABLED", recoveryDays: 35, earliestRestorableAt: now() },
        ...{ latestRestorableAt: (at) => at - 5 * minute, keyArn: null, tags: {}, ...change },
      };
      contents.tables.set(name, record);
      contents.sorted = null;
      return record;
    },
    remove(name) {
      contents.tables.delete(name);
      contents.sorted = null;
    },
  };
}

function answer(contents: Contents, command: unknown): object {
  if (command instanceof ListTablesCommand) return listTables(contents, command.input);
  if (command instanceof DescribeTableCommand) return describeTable(contents, command.input);
  if (command instanceof DescribeContinuousBackupsCommand) return describeBackups(contents, command.input);
  if (command instanceof ListTagsOfResourceCommand) return listTags(contents, command.input);
  throw new Error(`the simulated tables of DynamoDB do not implement ${commandName(command)}`);
}

const mostTables = 100;

/** A page begins after the name that it was asked for, also where there is no such table. */
function listTables(contents: Contents, input: ListTablesCommandInput): ListTablesCommandOutput {
  refuseParameters("DynamoDB", "ListTablesCommand", input, ["Limit", "ExclusiveStartTableName"]);
  const { Limit = mostTables, ExclusiveStartTableName: after } = input;
  if (!isPageSize(Limit, mostTables)) throw invalid(`Limit must be between 1 and ${mostTables}`);
  contents.sorted ??= [...contents.tables.keys()].toSorted();
  const names = contents.sorted;
  const from = after === undefined ? 0 : names.findIndex((name) => name > after);
  const size = contents.seam.pageSize("ListTablesCommand", Limit);
  const shown = from === -1 ? [] : names.slice(from, from + size);
  const isLast = from === -1 || from + shown.length === names.length;
  return {
    ...ok,
    TableNames: shown,
    ...stated("LastEvaluatedTableName", isLast ? null : (shown.at(-1) ?? after ?? " ")),
  };
}

function describeTable(contents: Contents, input: DescribeTableCommandInput): Wire<DescribeTableCommandOutput> {
  refuseParameters("DynamoDB", "DescribeTableCommand", input, ["TableName"]);
  const found = tableNamed(contents, input.TableName);
  if (found === undefined) {
    const message = `Requested resource not found: Table: ${input.TableName} not found`;
    throw new ResourceNotFoundException({ message, ...refused });
  }
  const { name, arn, status, createdAt, keyArn } = found;
  return {
    ...ok,
    Table: {
      ...{ TableName: name, TableArn: arn, TableStatus: status, CreationDateTime: new Date(createdAt) },
      ...(keyArn === null ? {} : { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: keyArn } }),
    },
  };
}

/** Continuous backups are always ENABLED; what can be restored is another word, and it alone has instants. */
function describeBackups(
  contents: Contents,
  input: DescribeContinuousBackupsCommandInput,
): Wire<DescribeContinuousBackupsCommandOutput> {
  refuseParameters("DynamoDB", "DescribeContinuousBackupsCommand", input, ["TableName"]);
  const found = tableNamed(contents, input.TableName);
  if (found === undefined) {
    throw new TableNotFoundException({ message: `Table not found: ${input.TableName}`, ...refused });
  }
  const { recovery, recoveryDays, earliestRestorableAt, latestRestorableAt } = found;
  const now = contents.now();
  const window =
    recovery === "DISABLED"
      ? {}
      : {
          RecoveryPeriodInDays: recoveryDays,
          ...dated("EarliestRestorableDateTime", momentOf(earliestRestorableAt, now)),
          ...dated("LatestRestorableDateTime", momentOf(latestRestorableAt, now)),
        };
  return {
    ...ok,
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: recovery, ...window },
    },
  };
}

const tagsOnPage = 10;

function listTags(contents: Contents, input: ListTagsOfResourceCommandInput): ListTagsOfResourceCommandOutput {
  const command = "ListTagsOfResourceCommand";
  refuseParameters("DynamoDB", command, input, ["ResourceArn", "NextToken"]);
  const { ResourceArn = "", NextToken: token } = input;
  const found = tableNamed(contents, ResourceArn);
  if (found === undefined || !ResourceArn.startsWith("arn:")) {
    const message = `Requested resource not found: ResourceArn: ${ResourceArn} not found`;
    throw new ResourceNotFoundException({ message, ...refused });
  }
  const tags = new Listing<{ Key: string; Value: string }>();
  for (const tag of tagList(found.tags)) tags.add(tag);
  const page = tags.page({ size: contents.seam.pageSize(command, tagsOnPage), token });
  if (page === undefined) throw invalid("Invalid NextToken");
  return { ...ok, Tags: page.items, ...stated("NextToken", page.next ?? null) };
}

/** By its name or its ARN, which every command takes as well. */
function tableNamed({ tables }: Contents, name: string | undefined): TableRecord | undefined {
  const [, own = name] = /^arn:[^/]+:table\/([^/]+)$/.exec(name ?? "") ?? [];
  const found = tables.get(own ?? "");
  return name?.startsWith("arn:") && found?.arn !== name ? undefined : found;
}

/** The client has no class for it: callers look at the name. */
function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: "ValidationException", message, $fault: "client", ...refused });
}
