import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { callEvents, type Emulated } from "./emulated.ts";
import { passes } from "./event-pattern.ts";
import type { ConnectRules, RuleConnection } from "./rules.contract.ts";

/** The matcher that says for the simulation what passes. Its transport puts an event into the queue as its JSON. */
export async function connectMatcher(): Promise<RuleConnection> {
  return {
    passes: async (pattern, event) => passes(pattern, event),
    route: async (pattern, events) => events.filter((event) => passes(pattern, event)).map((it) => JSON.stringify(it)),
  };
}

/** A bus of MiniStack, with a rule that leads into a queue. */
export function connectEmulatedRules(emulated: () => Promise<Emulated>): ConnectRules {
  return async () => {
    const { endpoint, sqs, addQueue } = await emulated();
    return {
      async passes(pattern, event) {
        const asked = { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(complete(event)) };
        return (await callEvents(endpoint, "TestEventPattern", asked)).Result === true;
      },
      async route(pattern, events) {
        const bus = `contract-${crypto.randomUUID()}`;
        const queue = await addQueue();
        await callEvents(endpoint, "CreateEventBus", { Name: bus });
        const rule = { Name: "rule", EventBusName: bus };
        await callEvents(endpoint, "PutRule", { ...rule, EventPattern: JSON.stringify(pattern), State: "ENABLED" });
        const { Name: Rule, EventBusName } = rule;
        await callEvents(endpoint, "PutTargets", { Rule, EventBusName, Targets: [{ Id: "queue", Arn: queue.arn }] });
        for (const event of events) {
          const answer = await callEvents(endpoint, "PutEvents", { Entries: [entryOf(event, bus)] });
          if (answer.FailedEntryCount !== 0) throw new Error(JSON.stringify(answer));
        }
        return receiveAll(sqs, queue.url);
      },
    };
  };
}

async function receiveAll(sqs: Emulated["sqs"], QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const asked = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(asked);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
}

function entryOf(event: object, EventBusName: string): object {
  const { source, detail, resources = [], ...rest } = event as Record<string, unknown>;
  const Detail = JSON.stringify(detail);
  return { EventBusName, Source: source, DetailType: rest["detail-type"], Detail, Resources: resources };
}

/** TestEventPattern wants every field that EventBridge itself fills in. */
function complete(event: object): object {
  return { id: "1", account: "111122223333", region: "eu-west-1", resources: [], version: "0", ...event };
}
