import * as evaluateScaling from "../../functions/evaluate-scaling/run.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { Instant } from "../../shared/instant.ts";
import { createApplicationAutoScaling } from "../aws/application-auto-scaling.ts";
import { createAutoScaling } from "../aws/auto-scaling.ts";
import { createEventBridge, type SimulatedEventBridge } from "../aws/eventbridge.ts";
import { createServiceQuotas } from "../aws/service-quotas.ts";
import { createSqs } from "../aws/sqs.ts";
import { createTagging } from "../aws/tagging.ts";
import type { Chance } from "../chance.ts";
import { account as accountId, region } from "../estate.ts";
import type { Invocation } from "../faults.ts";
import { createDecisionsTable, decisionsTable } from "../table.ts";
import type { World } from "../world.ts";
import { configured } from "./estate.ts";
import { createPlant, type Plant } from "./plant.ts";

/** Services that are scaled, and the function that scales them. */
export interface ScalingAccount {
  readonly configuration: Configuration;
  readonly plant: Plant;
  readonly events: SimulatedEventBridge;
  /** One minute of the scheduler. */
  tick(): Promise<unknown>;
  /** A message of the queue, about one target. False when it is to come again. */
  take(target: string, at: Instant): Promise<boolean>;
  /** The process is gone, and with it what it remembered. */
  forget(): void;
  /** How the function reaches ECS, but for the faults. */
  readonly send: Plant["ecs"]["send"];
  /** Told of each change of a capacity that is made by it. */
  onChange(listener: (change: Change) => void): void;
}

export interface Change {
  service: string;
  from: number;
  to: number;
  at: Instant;
}

const queueUrl = `https://sqs.${region}.amazonaws.com/${accountId}/shards`;

export async function createScalingAccount(world: World, chance: Chance): Promise<ScalingAccount> {
  const { clock, faults } = world;
  const { now } = clock;
  const configuration = configured(world.configuration);
  const home = { now, account: accountId, region };
  const plant = createPlant(world, chance.fork("plant"));
  const events = createEventBridge(home);
  const others = {
    groups: createAutoScaling(home),
    scalable: createApplicationAutoScaling(home),
    tagging: createTagging(),
    quotas: createServiceQuotas(),
    sqs: createSqs({ now, queues: [queueUrl] }),
  };
  await createDecisionsTable(world.dynamodb);
  const state = { warm: evaluateScaling.coldStart() };
  const listeners: ((change: Change) => void)[] = [];
  const ecs = telling(plant, now, (change) => {
    for (const tell of listeners) tell(change);
  });
  const run = (event: unknown) =>
    world.invoke("evaluate-scaling", (clients, invocation: Invocation) => {
      const { groups, scalable, tagging, quotas, sqs } = others;
      const actors = {
        ecs: { send: faults.around("ecs", ecs, invocation) },
        groups: { send: faults.around("autoscaling", groups.send, invocation) },
        scalable: { send: faults.around("applicationAutoScaling", scalable.send, invocation) },
      };
      return evaluateScaling.run(event, {
        ...{ ...clients, configuration, decisionsTable, actors, warm: state.warm },
        bus: { name: "nightshift", client: { send: faults.around("events", events.send, invocation) } },
        queue: { url: queueUrl, client: { send: faults.around("sqs", sqs.send, invocation) } },
        observers: {
          ...{ ...actors, cloudwatch: clients.cloudwatch },
          tagging: { send: faults.around("tagging", tagging.send, invocation) },
          quotas: { send: faults.around("quotas", quotas.send, invocation) },
        },
      });
    });
  return {
    ...{ configuration, plant, events, send: ecs },
    tick: () => run({}),
    async take(target, at) {
      const body = JSON.stringify({ at, named: [target], tagged: [] });
      const { batchItemFailures } = await run({ Records: [{ messageId: "1", body }] });
      return batchItemFailures.length === 0;
    },
    forget: () => {
      state.warm = evaluateScaling.coldStart();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** What really changes, whatever becomes of the answer. */
function telling({ ecs }: Plant, now: () => Instant, tell: (change: Change) => void): Plant["ecs"]["send"] {
  // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
  return (async (command: { input: { cluster?: string; service?: string; services?: string[] } }) => {
    const { cluster = "", service } = command.input;
    const from = service === undefined ? 0 : ecs.service(cluster, service).desiredCount;
    const answer = await ecs.send(command as never);
    const to = service === undefined ? 0 : ecs.service(cluster, service).desiredCount;
    if (service !== undefined && from !== to) tell({ service, from, to, at: now() });
    return answer;
  }) as Plant["ecs"]["send"];
}
