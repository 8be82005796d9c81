import { InternalErrorException, type PublishCommand } from "@aws-sdk/client-sns";
import * as escalateIncidents from "../functions/escalate-incidents/run.ts";
import * as notifyResponders from "../functions/notify-responders/run.ts";
import * as openIncidents from "../functions/open-incidents/run.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { gatherQueue, isOutbox, openQueue, outboxQueue } from "../shared/incident/rows.ts";
import { type Instant, minute, minuteAtOrAfter } from "../shared/instant.ts";
import type { OperationName } from "../shared/operations.ts";
import { severities } from "../shared/severity.ts";
import { createCloudWatch, type SimulatedCloudWatch } from "./aws/cloudwatch.ts";
import { createDynamoDb, type SimulatedDynamoDB } from "./aws/dynamodb.ts";
import type { ChangeRecord } from "./aws/dynamodb-database.ts";
import { createSns, type SimulatedSns } from "./aws/sns.ts";
import { createChance } from "./chance.ts";
import { type Clock, createClock } from "./clock.ts";
import { type Collected, collect } from "./collected.ts";
import { createFaults, type Faults, type Invocation } from "./faults.ts";
import { createLedgerTable, ledgerTable } from "./table.ts";

export interface WorldOptions {
  configuration: Configuration;
  start: Instant;
  account: string;
  region: string;
  /** None unless stated. */
  faults?: Faults;
}

/** An account of AWS in memory, with the real functions in it. Time passes only by its clock. */
export interface World {
  readonly clock: Clock;
  readonly dynamodb: SimulatedDynamoDB;
  readonly cloudwatch: SimulatedCloudWatch;
  readonly sns: SimulatedSns;
  readonly faults: Faults;
  readonly collected: Collected;
  readonly configuration: Configuration;
  /** Ledger rows that are to be sent and that nobody was woken for yet. */
  readonly stream: ChangeRecord[];
  /** Runs a function with an event of its own; what it throws is its failure, which the caller treats as AWS would. */
  open(event: unknown): Promise<openIncidents.BatchResponse>;
  escalate(): Promise<void>;
  notify(event: unknown): Promise<void>;
  /** Runs any other function, with what all have in common. */
  invoke<Result>(operation: OperationName, act: Act<Result>): Promise<Result>;
  /** Wakes the sender with what the stream holds. */
  wake(): Promise<void>;
  /** The next whole minute at which a sweep has something to do; null when there is none. */
  nextSweep(): Instant | null;
}

const topics = Object.fromEntries(
  severities.map((severity) => [severity, `arn:aws:sns:us-east-1:111122223333:pages-${severity}`]),
) as Record<(typeof severities)[number], string>;

export async function createWorld(options: WorldOptions): Promise<World> {
  const { configuration, account, region } = options;
  const clock = createClock(options.start);
  const { now } = clock;
  const dynamodb = createDynamoDb({ now });
  const cloudwatch = createCloudWatch({ account, region, now });
  const sns = createSns({ now, topics: Object.values(topics) });
  const faults = options.faults ?? createFaults("none", createChance("none"));
  const collected = collect(now);
  const stream: ChangeRecord[] = [];
  await createLedgerTable(dynamodb);
  dynamodb.stale = () => faults.happens("staleRead");
  dynamodb.onChange((record) => {
    if (record.eventName === "INSERT" && isOutbox(record.newImage)) stream.push(record);
  });
  const services = { dynamodb, cloudwatch, sns, faults, collected };
  const run = <Result>(operation: OperationName, act: Act<Result>) =>
    invoke(services, { configuration, now }, operation, act);
  const world: World = {
    ...{ clock, dynamodb, cloudwatch, sns, faults, collected, configuration, stream },
    open: (event) => run("open-incidents", (clients) => openIncidents.run(event, clients)),
    escalate: () =>
      run("escalate-incidents", (clients) => {
        const { account: own, region: at } = cloudwatch;
        return escalateIncidents.run({}, { ...clients, account: own, region: at });
      }),
    invoke: run,
    notify: (event) => run("notify-responders", (clients) => notifyResponders.run(event, clients)),
    async wake() {
      while (stream.length > 0) {
        const records = stream.splice(0, streamBatch);
        const Records = records.map(({ eventName, newImage }) => ({ eventName, dynamodb: { NewImage: newImage } }));
        // A stream may start the sender twice with the same records.
        const starts = faults.happens("overlap") ? 2 : 1;
        const outcomes = await Promise.allSettled(Array.from({ length: starts }, () => world.notify({ Records })));
        for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
      }
    },
    nextSweep: () => nextSweep(world),
  };
  return world;
}

/** What one invocation of a function does, with clients of its own. */
type Act<Result> = (clients: Clients, invocation: Invocation) => Promise<Result>;

type Services = Pick<World, "dynamodb" | "cloudwatch" | "sns" | "faults" | "collected">;

/** One invocation with clients of its own: after its crash none of them does anything. */
async function invoke<Result>(
  { dynamodb, cloudwatch, sns, faults, collected }: Services,
  { configuration, now }: Pick<Clients, "configuration" | "now">,
  operation: OperationName,
  act: Act<Result>,
): Promise<Result> {
  const invocation: Invocation = { operation, crash: null };
  const outcome = { failed: false };
  try {
    const clients = {
      ledger: { send: faults.around("dynamodb", dynamodb.send, invocation) },
      cloudwatch: { send: faults.around("cloudwatch", cloudwatch.send, invocation) },
      sns: { send: faults.around("sns", refusing(sns.send, faults), invocation) },
      ...{ topics, table: ledgerTable, configuration, now, log: collected.logOf(outcome) },
      deadline: () => now() + minute,
      // Nobody waits here: time passes only by the clock.
      pause: async () => {},
    };
    const result = await act(clients, invocation);
    // A function may catch what a channel throws; a dead process cannot.
    if (invocation.crash !== null) throw invocation.crash;
    return result;
  } catch (error) {
    outcome.failed = true;
    throw error;
  }
}

/** A channel that refuses now and then, for reasons of its own. */
function refusing(send: SimulatedSns["send"], faults: Faults): SimulatedSns["send"] {
  // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
  return (async (command: PublishCommand) => {
    if (faults.happens("refusal")) {
      throw new InternalErrorException({ message: "the topic does not answer", $metadata: { httpStatusCode: 500 } });
    }
    return send(command);
  }) as SimulatedSns["send"];
}

type Clients = openIncidents.Dependencies & notifyResponders.Dependencies;

const streamBatch = 100;
const queues = [openQueue, ...severities.map(outboxQueue), gatherQueue("batch"), gatherQueue("digest")];

function nextSweep({ dynamodb }: World): Instant | null {
  const due = queues.flatMap((queue) => {
    const order = dynamodb.firstInIndex(ledgerTable, "queue", queue)?.order?.S;
    return order === undefined || order.startsWith("9999") ? [] : [Date.parse(order)];
  });
  return due.length === 0 ? null : minuteAtOrAfter(Math.min(...due));
}
