import { hash } from "node:crypto";
import {
  type CancellationReason,
  IdempotentParameterMismatchException,
  type TransactGetItemsCommandInput,
  type TransactGetItemsCommandOutput,
  TransactionCanceledException,
  type TransactWriteItem,
  type TransactWriteItemsCommandInput,
  type TransactWriteItemsCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { type Instant, minute } from "../../shared/instant.ts";
import { type Change, commit, type Database } from "./dynamodb-database.ts";
import { isValidation, refuseUnknownParameters, validation } from "./dynamodb-errors.ts";
import type { Place } from "./dynamodb-keys.ts";
import { position } from "./dynamodb-order.ts";
import { readGet } from "./dynamodb-reads.ts";
import { read, type Table } from "./dynamodb-table.ts";
import { copyItem } from "./dynamodb-values.ts";
import { allows, readCheck, readDelete, readPut, readUpdate, type WriteRequest } from "./dynamodb-writes.ts";

const maximumActions = 100;
const maximumBytes = 4 * 1024 * 1024;
const maximumTokenLength = 36;
/** For so long DynamoDB knows a ClientRequestToken again. Source: API reference, TransactWriteItems. */
const tokenLifetime = 10 * minute;
const writeParameters = new Set(["TransactItems", "ClientRequestToken"]);
const getParameters = new Set(["TransactItems"]);

/**
 * All or nothing. Throws a TransactionCanceledException with one reason for each action, in order; an action that the
 * item does not let happen has the reason ValidationError there, as the API reference says (DynamoDB Local throws a
 * ValidationException instead).
 */
export function transactWrite(
  database: Database,
  input: TransactWriteItemsCommandInput,
): TransactWriteItemsCommandOutput {
  refuseUnknownParameters("TransactWriteItemsCommand", input, writeParameters);
  const items = input.TransactItems ?? [];
  checkCount(items.length);
  if (isRepeated(database, input)) {
    return { $metadata: { httpStatusCode: 200 } };
  }
  const requests = items.map((item, place) => readAction(database, item, place));
  refuseSameItem(requests);
  const bytes = requests.reduce((total, request) => total + request.bytes, 0);
  if (bytes > maximumBytes) {
    throw validation(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);
  }
  const outcomes = requests.map(attempt);
  if (outcomes.some(({ change }) => change === null)) {
    throw canceled(outcomes.map(({ reason }) => reason));
  }
  commit(
    database,
    outcomes.flatMap(({ change }) => change ?? []),
  );
  remember(database, input);
  return { $metadata: { httpStatusCode: 200 } };
}

/** One consistent look at up to a hundred items; never stale. */
export function transactGet(database: Database, input: TransactGetItemsCommandInput): TransactGetItemsCommandOutput {
  refuseUnknownParameters("TransactGetItemsCommand", input, getParameters);
  const items = input.TransactItems ?? [];
  checkCount(items.length);
  const requests = items.map(({ Get: get }) => readGet(database, get ?? { TableName: undefined, Key: undefined }));
  refuseSameItem(requests);
  const found = requests.map(({ table, place }) => read(table, place));
  const bytes = found.reduce((total, stored) => total + (stored?.bytes ?? 0), 0);
  if (bytes > maximumBytes) {
    throw validation("Payload in response is too large.");
  }
  const responses = found.map((stored, place) => (stored ? { Item: requests[place]?.show(stored) } : {}));
  return { $metadata: { httpStatusCode: 200 }, Responses: responses };
}

interface Outcome {
  /** Null if the action cannot happen. */
  change: Change | null;
  reason: CancellationReason;
}

function attempt(request: WriteRequest): Outcome {
  const { table, place } = request;
  const before = read(table, place);
  if (!allows(request, before)) {
    const item = request.showsOnFailure && before ? { Item: copyItem(before.item) } : {};
    const reason = { Code: "ConditionalCheckFailed", Message: "The conditional request failed", ...item };
    return { change: null, reason };
  }
  try {
    return { change: { table, place, before, after: request.after(before) }, reason: { Code: "None" } };
  } catch (error) {
    if (isValidation(error)) {
      return { change: null, reason: { Code: "ValidationError", Message: error.message } };
    }
    throw error;
  }
}

function canceled(reasons: CancellationReason[]): TransactionCanceledException {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: reasons,
  });
}

function readAction(database: Database, action: TransactWriteItem, place: number): WriteRequest {
  const { Put: put, Update: update, Delete: removal, ConditionCheck: check } = action;
  if ([put, update, removal, check].filter((one) => one !== undefined).length > 1) {
    throw validation("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  if (put !== undefined) {
    return readPut(database, put);
  }
  if (update !== undefined) {
    refuseMissing(update.UpdateExpression, `transactItems.${place + 1}.member.update.updateExpression`);
    return readUpdate(database, update).request;
  }
  if (removal !== undefined) {
    return readDelete(database, removal);
  }
  if (check !== undefined) {
    refuseMissing(check.ConditionExpression, `transactItems.${place + 1}.member.conditionCheck.conditionExpression`);
    return readCheck(database, check);
  }
  throw validation("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
}

function refuseMissing(expression: string | undefined, name: string): void {
  if (expression === undefined) {
    throw validation(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  }
}

function checkCount(count: number): void {
  if (count < 1) {
    throw validation(
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1",
    );
  }
  if (count > maximumActions) {
    throw validation("Member must have length less than or equal to 100");
  }
}

function refuseSameItem(requests: readonly { table: Table; place: Place }[]): void {
  const seen = new Set<string>();
  for (const { table, place } of requests) {
    seen.add(position(table.schema.name, position(place.partition, place.position)));
  }
  if (seen.size < requests.length) {
    throw validation("Transaction request cannot include multiple operations on one item");
  }
}

/** True if this very request succeeded within the last ten minutes. Throws if another did, with the same token. */
function isRepeated(database: Database, input: TransactWriteItemsCommandInput): boolean {
  const token = input.ClientRequestToken;
  if (token === undefined) {
    return false;
  }
  if (token.length < 1 || token.length > maximumTokenLength) {
    throw validation(
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 36",
    );
  }
  forget(database.tokens, database.now());
  const known = database.tokens.get(token);
  if (known !== undefined && known.request !== requestDigest(input)) {
    throw new IdempotentParameterMismatchException({
      message: "Specified idempotent token was used with different request parameters within the idempotency window",
      $metadata: { httpStatusCode: 400 },
    });
  }
  return known !== undefined;
}

/** Only a success is remembered: after a refusal the same token may try again. */
function remember(database: Database, input: TransactWriteItemsCommandInput): void {
  if (input.ClientRequestToken !== undefined) {
    database.tokens.set(input.ClientRequestToken, { request: requestDigest(input), at: database.now() });
  }
}

function forget(tokens: Database["tokens"], now: Instant): void {
  for (const [token, { at }] of tokens) {
    if (at > now - tokenLifetime) {
      return;
    }
    tokens.delete(token);
  }
}

/** A request is known again by its digest: ten minutes of a storm would be a hundred megabytes of text. */
function requestDigest(input: TransactWriteItemsCommandInput): string {
  return hash("sha256", JSON.stringify(input.TransactItems), "base64");
}
