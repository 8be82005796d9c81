import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { invoke } from "../../sandbox/calls.ts";
import { eventually } from "../../sandbox/steps.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { second } from "../../shared/instant.ts";
import { createChance } from "../../simulation/chance.ts";
import { createQueue } from "../../simulation/queue.ts";
import { createTransport, type Traffic } from "../../simulation/transport.ts";
import { createWorld } from "../../simulation/world.ts";
import type { ConnectDelivery, DeliveryConnection } from "./delivery.contract.ts";
import type { Deployed } from "./deployed.ts";
import { callLambda, type Emulated } from "./emulated.ts";

/** The simulated transport, held to the numbers that the stack has. */
export function connectSimulatedDelivery(deployed: () => Deployed): ConnectDelivery {
  return async (take) => {
    const { configuration } = loadConfiguration("production", {});
    const home = { account: "111122223333", region: "eu-west-1" };
    const world = await createWorld({ configuration, start: Date.UTC(2026, 0, 1), ...home });
    const { clock } = world;
    const open = async (event: unknown) => (await take(event)) as { batchItemFailures: { itemIdentifier: string }[] };
    const traffic: Traffic = { sent: 0, underway: 0, deadLetters: 0 };
    const queue = createQueue({ ...world, open }, traffic);
    const transport = createTransport({ ...world, open }, createChance("contract"));
    return {
      ...deployed().queue,
      now: clock.now,
      put: async (documents) => {
        for (const document of documents) queue.put(document, clock.now());
      },
      invoke: async (document) => transport.invoke(document),
      deadLetters: async () => traffic.deadLetters + transport.deadLetters,
      async until(what, isSo) {
        while (!(await isSo())) {
          const next = clock.next();
          if (next === null) throw new Error(`nothing happens any more, and it is not so: ${what}`);
          await clock.runUntil(next);
        }
      },
    };
  };
}

export interface EmulatedDelivery extends DeliveryConnection {
  /** What lies in the dead letters. */
  letters(): Promise<string[]>;
}

/** Seconds instead of minutes: nobody could wait for the deployed ones. */
const visibilitySeconds = 1;

/** A queue in MiniStack, mapped to a function as the stack maps its own. */
export function connectEmulatedDelivery(
  emulated: () => Promise<Emulated>,
  deployed: () => Deployed,
): (take: Parameters<ConnectDelivery>[0]) => Promise<EmulatedDelivery> {
  return async (take) => {
    const { endpoint, sqs, addFunction, addQueue } = await emulated();
    const { queue: numbers, maximumRetries } = deployed();
    const deadLetters = await addQueue();
    const queue = await addQueue({
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: numbers.maximumReceives,
      }),
    });
    const { name, arn } = await addFunction(take);
    await callLambda(endpoint, "PUT", `/2019-09-25/functions/${name}/event-invoke-config`, {
      MaximumRetryAttempts: maximumRetries,
      DestinationConfig: { OnFailure: { Destination: deadLetters.arn } },
    });
    await callLambda(endpoint, "POST", "/2015-03-31/event-source-mappings", {
      FunctionName: name,
      EventSourceArn: queue.arn,
      BatchSize: numbers.batchSize,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    return {
      now: Date.now,
      visibility: visibilitySeconds * second,
      maximumReceives: numbers.maximumReceives,
      batchSize: numbers.batchSize,
      async put(documents) {
        for (let from = 0; from < documents.length; from += 10) {
          const Entries = documents
            .slice(from, from + 10)
            .map((document, place) => ({ Id: String(place), MessageBody: JSON.stringify(document) }));
          await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
        }
      },
      invoke: async (document) => {
        await invoke(endpoint, arn, "Event", document);
      },
      async deadLetters() {
        const asked = new GetQueueAttributesCommand({ QueueUrl: deadLetters.url, AttributeNames: ["All"] });
        return Number((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages ?? 0);
      },
      async letters() {
        const asked = new ReceiveMessageCommand({ QueueUrl: deadLetters.url, MaxNumberOfMessages: 10 });
        return ((await sqs.send(asked)).Messages ?? []).map(({ Body = "" }) => Body);
      },
      async until(what, isSo) {
        await eventually(what, 50, async () => ((await isSo()) ? true : null));
      },
    };
  };
}
