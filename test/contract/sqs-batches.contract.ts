// What the simulated SQS claims of batches that are sent.

import { createHash } from "node:crypto";
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  type SQSClient,
  TooManyEntriesInBatchRequest,
} from "@aws-sdk/client-sqs";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface BatchConnection {
  send: SQSClient["send"];
  /** The URL of a queue that is there. */
  queue: string;
}

export type ConnectBatches = () => Promise<BatchConnection>;

const half = 512 * 1_024;

export function sqsBatchesContract(name: string, connect: ConnectBatches, exceptions: Exceptions = {}): void {
  describe(`${name}: SQS batches`, () => {
    const { claim, end } = createClaims(name, exceptions);
    const sendTo = async (
      change: { queue?: string },
      bodies: readonly string[],
      idOf: (index: number) => string = String,
    ) => {
      const { send, queue } = await connect();
      const Entries = bodies.map((MessageBody, index) => ({ Id: idOf(index), MessageBody }));
      return send(new SendMessageBatchCommand({ QueueUrl: change.queue ?? queue, Entries }));
    };
    claim("takes ten at once, and tells of each its own name and what it took", async () => {
      const bodies = Array.from({ length: 10 }, (_, index) => `message ${index}`);
      const { Successful = [], Failed = [] } = await sendTo({}, bodies, (index) => `m-${index}`);
      expect(Failed).toEqual([]);
      const sums = bodies.map((body) => createHash("md5").update(body).digest("hex"));
      expect(Successful.map(({ Id, MD5OfMessageBody }) => [Id, MD5OfMessageBody])).toEqual(
        sums.map((sum, index) => [`m-${index}`, sum]),
      );
      expect(new Set(Successful.map(({ MessageId }) => MessageId)).size).toBe(10);
    });
    claim("takes 1 MiB in all", async () => {
      const { Successful } = await sendTo({}, ["x".repeat(half), "x".repeat(half)]);
      expect(Successful).toHaveLength(2);
    });
    claim("refuses more than 1 MiB in all", async () => {
      const sent = sendTo({}, ["x".repeat(half), "x".repeat(half + 1)]);
      await expect(sent).rejects.toBeInstanceOf(BatchRequestTooLong);
    });
    claim("refuses more than 1 MiB in UTF-8", async () => {
      const sent = sendTo({}, ["é".repeat(half / 2), "é".repeat(half / 2 + 1)]);
      await expect(sent).rejects.toBeInstanceOf(BatchRequestTooLong);
    });
    claim("refuses none", async () => {
      await expect(sendTo({}, [])).rejects.toBeInstanceOf(EmptyBatchRequest);
    });
    claim("refuses eleven", async () => {
      await expect(sendTo({}, Array(11).fill("x"))).rejects.toBeInstanceOf(TooManyEntriesInBatchRequest);
    });
    claim("refuses one name for two", async () => {
      await expect(sendTo({}, ["a", "b"], () => "same")).rejects.toBeInstanceOf(BatchEntryIdsNotDistinct);
    });
    claim("refuses a name with a colon", async () => {
      await expect(sendTo({}, ["a"], () => "a:b")).rejects.toBeInstanceOf(InvalidBatchEntryId);
    });
    claim("refuses a queue that is not there", async () => {
      const { queue } = await connect();
      await expect(sendTo({ queue: `${queue}-gone` }, ["a"])).rejects.toBeInstanceOf(QueueDoesNotExist);
    });
    end();
  });
}
