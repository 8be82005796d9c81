import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { merge } from "../shared/configuration/merge.ts";
import { type Configuration, configurationSchema } from "../shared/configuration/schema.ts";
import { type Instant, minute } from "../shared/instant.ts";
import { createScaledAccount, type ScaledAccount } from "../simulation/scaled-account.ts";
import { decisionsTable } from "../simulation/table.ts";
import { peakMemory } from "./peak-memory.ts";

/** What one minute of a fleet takes, every target looked at; and how many metrics five minutes ask for when most are far from scaling. */
export interface FleetMinute {
  targets: number;
  metrics: number;
  points: number;
  /** How many decisions it led to, of which each target should have one. */
  evaluated: number;
  calls: Record<string, number>;
  changes: number;
  cpuMilliseconds: number;
  /** Of these, what the simulated services took. */
  simulatedMilliseconds: Record<string, number>;
  peakBytes: number;
  /** In five minutes, where so many in a hundred are near a threshold. */
  adaptive: { nearPercent: number; metrics: number };
}

const start: Instant = Date.UTC(2027, 2, 15, 12);
const nearPercent = 5;
const windowMinutes = 45;

/** Of a fleet's own configuration. */
export async function evaluateFleet(configuration: Configuration): Promise<FleetMinute> {
  const targets = Object.keys(configuration.scaling.targets).length;
  const account = await createScaledAccount({ configuration, start });
  for (const name of names(targets)) account.ecs.put("shop", name, { desiredCount: 4 });
  measureAll(account, targets, () => true);
  await remember(account, targets, () => 1);
  const simulated = timed(account);
  const before = process.cpuUsage();
  await account.tick();
  const { user, system } = process.cpuUsage(before);
  const peakBytes = peakMemory();
  const lines = account.log.filter(({ message }) => message === "shard evaluated");
  const sum = (key: string) => lines.reduce((total, { fields }) => total + Number(fields[key]), 0);
  const minuteOf = {
    ...{ targets, metrics: sum("metrics"), points: sum("points"), evaluated: sum("targets") },
    ...{ calls: Object.fromEntries(account.calls), changes: account.changes.length, peakBytes },
    ...{ cpuMilliseconds: (user + system) / 1_000, simulatedMilliseconds: { ...simulated } },
  };
  return { ...minuteOf, adaptive: { nearPercent, metrics: await adaptiveMetrics(account, targets) } };
}

/** Services with CPU, memory and a queue, all of which must be low for three quarters of an hour before anything is scaled in. */
export function fleetConfiguration(production: Configuration, count: number): Configuration {
  const queue = { namespace: "Shop", metric: "Waiting", statistic: "Maximum", periodSeconds: 60, absence: "unknown" };
  const targets = Object.fromEntries(
    names(count).map((name) => {
      const metrics = { cpu: {}, memory: {}, queue: { ...queue, dimensions: { Service: name } } };
      return [name, { type: "ecs-service", cluster: "shop", service: name, minimum: 1, maximum: 9, metrics }];
    }),
  );
  const low = { in: { minutes: windowMinutes } };
  const scaling = { targets, rules: { cpu: low, memory: low, queue: low } };
  return configurationSchema.parse(merge(production, { scaling, evaluateScaling: { mode: "recommend" } }));
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `service-${index}`);
}

/** Some are nearly as busy as they may be, the others rest. */
function measureAll({ cloudwatch }: ScaledAccount, count: number, isBusy: (index: number) => boolean): void {
  for (const [index, name] of names(count).entries()) {
    const value = isBusy(index) ? 60 : 35;
    const dimensions = { ClusterName: "shop", ServiceName: name };
    const all = [
      { identity: { namespace: "AWS/ECS", metric: "CPUUtilization", dimensions }, value },
      { identity: { namespace: "AWS/ECS", metric: "MemoryUtilization", dimensions }, value },
      { identity: { namespace: "Shop", metric: "Waiting", dimensions: { Service: name } }, value: 20 },
    ];
    for (const { identity, value: level } of all) {
      const put = cloudwatch.metrics.putter(identity);
      for (let age = windowMinutes + 3; age > -5; age--)
        put({ at: start - age * minute, value: level + (age % 7) / 10 });
    }
  }
}

function isNear(index: number): boolean {
  return index % 100 < nearPercent;
}

/** As the minute before has left it: nothing of this minute is new. */
async function remember(
  { dynamodb }: ScaledAccount,
  count: number,
  everyMinutes: (index: number) => number,
): Promise<void> {
  const told = { verdict: "hold", reason: null, rule: null };
  const memory = { lastOut: null, lastIn: null, hotAt: null, stabilisationMinutes: 60, regrettedAt: null };
  for (const [index, name] of names(count).entries()) {
    const body = { memory, told, raised: [], pending: null, everyMinutes: everyMinutes(index) };
    const key = { pk: { S: `target#${name}` }, sk: { S: "memory" }, version: { N: "1" } };
    const Item = { ...key, body: { S: JSON.stringify(body) } };
    await dynamodb.send(new PutItemCommand({ TableName: decisionsTable, Item }));
  }
}

/** Processor time that the simulated services take, by their commands: they answer before they wait for anything. */
function timed(account: ScaledAccount): Record<string, number> {
  const spent: Record<string, number> = {};
  account.around = (command, execute) => {
    const before = process.threadCpuUsage();
    const answer = execute();
    const { user, system } = process.threadCpuUsage(before);
    spent[command] = (spent[command] ?? 0) + (user + system) / 1_000;
    return answer;
  };
  return spent;
}

async function adaptiveMetrics(account: ScaledAccount, count: number): Promise<number> {
  measureAll(account, count, isNear);
  await remember(account, count, (index) => (isNear(index) ? 1 : 5));
  account.log.length = 0;
  for (let passed = 1; passed <= 5; passed++) {
    account.clock.at = start + passed * minute;
    await account.tick();
  }
  return account.log.reduce((sum, { fields }) => sum + Number(fields.metrics ?? 0), 0);
}
