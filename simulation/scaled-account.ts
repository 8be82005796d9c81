import { type BatchResponse, coldStart, type Dependencies, run } from "../functions/evaluate-scaling/run.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { hour, type Instant } from "../shared/instant.ts";
import type { Fields, Log } from "../shared/log.ts";
import { createApplicationAutoScaling, type SimulatedApplicationAutoScaling } from "./aws/application-auto-scaling.ts";
import { createAutoScaling, type SimulatedAutoScaling } from "./aws/auto-scaling.ts";
import { createCloudWatch, type SimulatedCloudWatch } from "./aws/cloudwatch.ts";
import { createDynamoDb, type SimulatedDynamoDB } from "./aws/dynamodb.ts";
import { createEcs, type SimulatedEcs } from "./aws/ecs.ts";
import { createEventBridge, type PutEvent, type SimulatedEventBridge } from "./aws/eventbridge.ts";
import { createServiceQuotas, type SimulatedServiceQuotas } from "./aws/service-quotas.ts";
import { createSqs, type SimulatedSqs } from "./aws/sqs.ts";
import { createTagging, type SimulatedTagging } from "./aws/tagging.ts";
import { commandName } from "./commands.ts";
import { changesResources, mayChange, mutates } from "./mutating.ts";
import { createDecisionsTable, createLedgerTable, decisionsTable, ledgerTable } from "./table.ts";

// An account as evaluate-scaling sees it: metrics, what is scaled, a queue that leads back to the function, two tables and a bus. What
// must not be changed refuses to be: then the function has made a mistake.

export interface ScaledAccount {
  configuration: Configuration;
  clock: { at: Instant };
  cloudwatch: SimulatedCloudWatch;
  ecs: SimulatedEcs;
  groups: SimulatedAutoScaling;
  scalable: SimulatedApplicationAutoScaling;
  tagging: SimulatedTagging;
  quotas: SimulatedServiceQuotas;
  sqs: SimulatedSqs;
  events: SimulatedEventBridge;
  dynamodb: SimulatedDynamoDB;
  /** Stands around every call, told the command's name: what is thrown here is thrown to the function. */
  around: (command: string, execute: () => Promise<unknown>) => Promise<unknown>;
  /** Every command that was sent, by name. */
  calls: Map<string, number>;
  /** Every command that changes what is scaled, in order. */
  changes: { at: Instant; command: string; input: object }[];
  /** What was sent and must not be; it was refused. */
  forbidden: string[];
  /** Shards that the function did not take; they come again when they are handed out again. */
  failed: { messageId: string; body: string }[];
  log: { message: string; fields: Fields }[];
  dependencies(more?: Partial<Dependencies>): Dependencies;
  /** What a dry run is given: whatever would change anything is refused. */
  reading(): Pick<Dependencies, "observers" | "ledger">;
  /** One minute of the scheduler, and all shards that it leads to. */
  tick(more?: Partial<Dependencies>): Promise<void>;
  /** Messages of the queue, as one batch. */
  deliver(
    messages: readonly { messageId: string; body: string }[],
    more?: Partial<Dependencies>,
  ): Promise<BatchResponse>;
}

const home = { account: "111122223333", region: "eu-west-1" };
export const shardsQueue = `https://sqs.${home.region}.amazonaws.com/${home.account}/shards`;

/** Warm from its first minute on, unless a test says otherwise. */
export async function createScaledAccount(options: {
  configuration: Configuration;
  start: Instant;
}): Promise<ScaledAccount> {
  const clock = { at: options.start };
  const at = { ...home, now: () => clock.at };
  const services = {
    cloudwatch: createCloudWatch(at),
    ecs: createEcs(at),
    groups: createAutoScaling(at),
    scalable: createApplicationAutoScaling(at),
    tagging: createTagging(),
    quotas: createServiceQuotas(),
    sqs: createSqs({ ...at, queues: [shardsQueue] }),
    events: createEventBridge(at),
    dynamodb: createDynamoDb(at),
  };
  await createLedgerTable(services.dynamodb);
  await createDecisionsTable(services.dynamodb);
  const warm = coldStart();
  const account: ScaledAccount = {
    ...{
      configuration: options.configuration,
      clock,
      ...services,
      calls: new Map(),
      changes: [],
      forbidden: [],
      failed: [],
      log: [],
    },
    around: (_, execute) => execute(),
    dependencies: (more = {}) => ({ ...dependenciesOf(account), warm, ...more }),
    reading: () => {
      const { observers, ledger } = dependenciesOf(account);
      return { observers, ledger: guarded(account, ledger, (command) => !mutates(command)) };
    },
    async tick(more) {
      const before = account.sqs.messages.length;
      await run({}, account.dependencies(more));
      for (const { id: messageId, body, visibleAt } of account.sqs.messages.slice(before)) {
        clock.at = Math.max(clock.at, visibleAt);
        const { batchItemFailures } = await account.deliver([{ messageId, body }], more);
        if (batchItemFailures.length > 0) account.failed.push({ messageId, body });
      }
    },
    deliver: (Records, more) => run({ Records }, account.dependencies(more)),
  };
  return account;
}

function dependenciesOf(account: ScaledAccount): Omit<Dependencies, "warm"> {
  const { clock, configuration, cloudwatch, ecs, groups, scalable, tagging, quotas } = account;
  const look = <Client>(service: { send: unknown }): Client =>
    watched(
      account,
      guarded(account, service, (command) => !mutates(command)),
    );
  const act = <Client>(service: { send: unknown }): Client =>
    watched(
      account,
      guarded(account, service, (command) => mayChange(configuration, command)),
    );
  return {
    ...{ configuration, now: () => clock.at, table: ledgerTable, decisionsTable, log: logInto(account) },
    pause: async () => {},
    deadline: () => clock.at + hour,
    ledger: watched(account, account.dynamodb),
    bus: { client: watched(account, account.events), name: "findings" },
    queue: { client: watched(account, account.sqs), url: shardsQueue },
    observers: {
      ...{ cloudwatch: look(cloudwatch), ecs: look(ecs), groups: look(groups), scalable: look(scalable) },
      ...{ tagging: look(tagging), quotas: look(quotas) },
    },
    actors: { ecs: act(ecs), groups: act(groups), scalable: act(scalable) },
  };
}

/** A simulated service becomes a client here, and below: the SDK's type has an overload for each command of the service. */
function watched<Client>(account: ScaledAccount, service: { send: unknown }): Client {
  const through = service.send as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown) => {
    const name = commandName(command).replace(/Command$/, "");
    account.calls.set(name, (account.calls.get(name) ?? 0) + 1);
    return account.around(name, async () => {
      const answer = await through(command);
      const { input } = command as { input: object };
      if (changesResources(command)) account.changes.push({ at: account.clock.at, command: name, input });
      return answer;
    });
  };
  return { send } as Client;
}

function guarded<Client>(
  { forbidden }: ScaledAccount,
  service: { send: unknown },
  isAllowed: (command: unknown) => boolean,
): Client {
  const through = service.send as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown) => {
    if (isAllowed(command)) return through(command);
    forbidden.push(commandName(command));
    throw new Error(`nothing may be changed here, and ${commandName(command)} was sent`);
  };
  return { send } as Client;
}

function logInto({ log }: ScaledAccount): Log {
  const line = (message: string, ...fields: Fields[]) =>
    void log.push({ message, fields: Object.assign({}, ...fields) });
  return { info: line, warn: line, error: line };
}

/** A finding, as it was put on the bus. */
export interface ToldScaling {
  rule: string;
  resource: string;
  state: "raised" | "cleared";
  severity: string;
  message: string;
}

export function findingsOf({ events }: Pick<ScaledAccount, "events">): ToldScaling[] {
  return events.events.flatMap(({ type, detail }) => (type === "Finding" ? [detail as ToldScaling] : []));
}

export function decisionsOf({ events }: Pick<ScaledAccount, "events">): PutEvent[] {
  return events.events.filter(({ type }) => type === "ScalingDecision");
}
