import type { BatchWriteItemCommandInput, BatchWriteItemCommandOutput, WriteRequest } from "@aws-sdk/client-dynamodb";
import { commit, type Database } from "./dynamodb-database.ts";
import { refuseUnknownParameters, validation } from "./dynamodb-errors.ts";
import { position } from "./dynamodb-order.ts";
import { read } from "./dynamodb-table.ts";
import { readDelete, readPut, type WriteRequest as Write } from "./dynamodb-writes.ts";

const maximumRequests = 25;
const knownParameters = new Set(["RequestItems"]);

/** Up to 25 puts and deletes, each on its own. All are checked first; none is ever left unprocessed. */
export function batchWriteItem(database: Database, input: BatchWriteItemCommandInput): BatchWriteItemCommandOutput {
  refuseUnknownParameters("BatchWriteItemCommand", input, knownParameters);
  const batch = Object.entries(input.RequestItems ?? {});
  if (batch.length === 0) {
    throw validation("BatchWriteItem cannot have a null or no requests set");
  }
  if (batch.reduce((total, [, requests]) => total + requests.length, 0) > maximumRequests) {
    throw validation("Too many items requested for the BatchWriteItem call");
  }
  const writes = batch.flatMap(([name, requests]) => readTable(database, name, requests));
  for (const write of writes) {
    const before = read(write.table, write.place);
    commit(database, [{ table: write.table, place: write.place, before, after: write.after(before) }]);
  }
  return { $metadata: { httpStatusCode: 200 }, UnprocessedItems: {} };
}

function readTable(database: Database, name: string, requests: readonly WriteRequest[]): Write[] {
  if (requests.length === 0) {
    throw validation(`The batch write request list for a table cannot be null or empty: ${name}`);
  }
  const writes = requests.map((request) => readRequest(database, name, request));
  if (new Set(writes.map(({ place }) => position(place.partition, place.position))).size < writes.length) {
    throw validation("Provided list of item keys contains duplicates");
  }
  for (const write of writes) {
    write.after(undefined);
  }
  return writes;
}

function readRequest(database: Database, name: string, request: WriteRequest): Write {
  const { PutRequest: put, DeleteRequest: removal } = request;
  if ((put === undefined) === (removal === undefined)) {
    throw validation(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  return put === undefined
    ? readDelete(database, { TableName: name, Key: removal?.Key })
    : readPut(database, { TableName: name, Item: put.Item });
}
