// An SQS that lives in memory: it keeps what is sent to its queues, and gives it to whoever sets the scene. What it claims is a suite
// in test/contract, to which MiniStack and moto are held as well.

import { createHash } from "node:crypto";
import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  type BatchResultErrorEntry,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
  type SendMessageBatchCommandOutput,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResultEntry,
  type SQSClient,
  TooManyEntriesInBatchRequest,
} from "@aws-sdk/client-sqs";
import { type Instant, second } from "../../shared/instant.ts";
import { commandName, refuseParameters } from "../commands.ts";

export interface SentMessage {
  at: Instant;
  queue: string;
  id: string;
  body: string;
  /** Nobody is given it before. */
  visibleAt: Instant;
}

export interface SimulatedSqs {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: SQSClient["send"];
  /** In the order in which they were sent. */
  readonly messages: SentMessage[];
  /** Asked once for each entry, if set: why this one is refused, while the others are taken. */
  refuse: ((entry: SendMessageBatchRequestEntry) => { code: string; isSendersFault: boolean } | null) | null;
}

interface Service {
  now: () => Instant;
  queues: ReadonlySet<string>;
  messages: SentMessage[];
}

/** `queues` are the URLs of those that are there. */
export function createSqs({ now, queues }: { now: () => Instant; queues: readonly string[] }): SimulatedSqs {
  const service: Service = { now, queues: new Set(queues), messages: [] };
  const simulated: SimulatedSqs = {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof SendMessageBatchCommand) return sendBatch(service, simulated.refuse, command.input);
      throw new Error(`the simulated SQS does not implement ${commandName(command)}`);
    }) as SQSClient["send"],
    messages: service.messages,
    refuse: null,
  };
  return simulated;
}

// Source of the bounds: API reference, SendMessageBatch and SendMessageBatchRequestEntry.
const maximumEntries = 10;
const maximumBytes = 1_024 * 1_024;
const maximumDelaySeconds = 900;
const entryParameters = ["Id", "MessageBody", "DelaySeconds"];
const idPattern = /^[A-Za-z0-9_-]{1,80}$/;

function sendBatch(
  service: Service,
  refuse: SimulatedSqs["refuse"],
  input: SendMessageBatchCommandInput,
): SendMessageBatchCommandOutput {
  refuseParameters("SQS", "SendMessageBatchCommand", input, ["QueueUrl", "Entries"]);
  const { QueueUrl: queue = "", Entries = [] } = input;
  for (const entry of Entries) {
    refuseParameters("SQS", "SendMessageBatchCommand", entry, entryParameters);
    // The documentation does not say whether the entry or the batch is refused, so nobody may send one.
    if (entry.MessageBody === "") throw new Error("the simulated SQS does not implement an empty MessageBody");
  }
  if (!service.queues.has(queue)) {
    throw new QueueDoesNotExist({ message: "The specified queue does not exist.", ...refused });
  }
  checkBatch(Entries);
  const Successful: SendMessageBatchResultEntry[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of Entries) {
    const refusal = refuse?.(entry) ?? problemOf(entry);
    if (refusal === null) Successful.push(take(service, queue, entry));
    else Failed.push({ Id: entry.Id, SenderFault: refusal.isSendersFault, Code: refusal.code });
  }
  return { $metadata: { httpStatusCode: 200 }, Successful, Failed };
}

/** What is wrong with the batch fails all of it. */
function checkBatch(entries: readonly SendMessageBatchRequestEntry[]): void {
  const message = "The batch request is not one.";
  if (entries.length === 0) throw new EmptyBatchRequest({ message, ...refused });
  if (entries.length > maximumEntries) throw new TooManyEntriesInBatchRequest({ message, ...refused });
  const ids = entries.map(({ Id = "" }) => Id);
  if (!ids.every((id) => idPattern.test(id))) throw new InvalidBatchEntryId({ message, ...refused });
  if (new Set(ids).size < ids.length) throw new BatchEntryIdsNotDistinct({ message, ...refused });
  const bytes = entries.map(({ MessageBody = "" }) => Buffer.byteLength(MessageBody));
  const total = bytes.reduce((sum, each) => sum + each, 0);
  if (total > maximumBytes) throw new BatchRequestTooLong({ message, ...refused });
}

/** What is wrong with one entry is told of that entry; the others are taken. */
function problemOf({
  DelaySeconds = 0,
}: SendMessageBatchRequestEntry): ReturnType<NonNullable<SimulatedSqs["refuse"]>> {
  const isDelay = Number.isInteger(DelaySeconds) && DelaySeconds >= 0 && DelaySeconds <= maximumDelaySeconds;
  return isDelay ? null : { code: "InvalidParameterValue", isSendersFault: true };
}

function take(
  { now, messages }: Service,
  queue: string,
  { Id, MessageBody: body = "", DelaySeconds = 0 }: SendMessageBatchRequestEntry,
): SendMessageBatchResultEntry {
  const id = `00000000-0000-4000-8000-${messages.length.toString(16).padStart(12, "0")}`;
  messages.push({ at: now(), queue, id, body, visibleAt: now() + DelaySeconds * second });
  return { Id, MessageId: id, MD5OfMessageBody: createHash("md5").update(body).digest("hex") };
}

const refused = { $metadata: { httpStatusCode: 400 } };
