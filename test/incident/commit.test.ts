import { type DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { Broken, Unavailable } from "../../shared/failures.ts";
import { putNew } from "../../shared/ledger/rows.ts";
import { commit } from "../../shared/ledger/store.ts";

const write = putNew("ledger", { pk: { S: "a" }, sk: { S: "b" } });

/** What becomes of a commit that DynamoDB cancels for these reasons. */
function cancelledFor(...codes: string[]): Promise<boolean> {
  const send = async (): Promise<never> => {
    throw new TransactionCanceledException({
      message: "cancelled",
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  };
  return commit({ client: { send: send as DynamoDBClient["send"] }, table: "ledger" }, [write]);
}

test("somebody else was first: by a condition, or by a transaction that is under way", async () => {
  expect(await cancelledFor("None", "ConditionalCheckFailed")).toBe(false);
  expect(await cancelledFor("TransactionConflict", "None")).toBe(false);
});

test.each(["ProvisionedThroughputExceeded", "ThrottlingError", "ValidationError", "ItemCollectionSizeLimitExceeded"])(
  "%s is no lost race: the table could not do it",
  async (code) => {
    await expect(cancelledFor("None", code)).rejects.toThrow(Unavailable);
    await expect(cancelledFor("None", code)).rejects.toThrow(`None, ${code}`);
  },
);

test("more than a hundred writes are our own mistake", async () => {
  const client = { send: (async () => ({ $metadata: {} })) as DynamoDBClient["send"] };
  await expect(commit({ client, table: "ledger" }, Array(101).fill(write))).rejects.toThrow(Broken);
});
