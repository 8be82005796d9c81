import { randomBytes } from "node:crypto";
import type { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { CreateSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { run as heal } from "../../functions/heal-rotations/run.ts";
import { run } from "../../functions/rotate-secrets/run.ts";
import type { Bus } from "../../shared/bus.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { day, type Instant } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { describe as describeSecret } from "../../shared/secrets/described.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { readRecord } from "../../shared/secrets/records.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import { createDynamoDb } from "../../simulation/aws/dynamodb.ts";
import { createSecretsManager, type SimulatedSecretsManager } from "../../simulation/aws/secrets-manager.ts";
import { createLedgerTable, ledgerTable } from "../../simulation/table.ts";

export const account = "111122223333";
export const region = "eu-west-1";
export const functionArn = `arn:aws:lambda:${region}:${account}:function:rotate-secrets`;
export const start: Instant = Date.UTC(2026, 5, 1);

export interface PutEvent {
  type: string;
  detail: Record<string, unknown>;
}

/** A Secrets Manager, a ledger and a bus, and the function that rotates. */
export interface Stage {
  secrets: SimulatedSecretsManager;
  ledger: Ledger;
  bus: Bus;
  events: PutEvent[];
  /** Every line of the log, as text. */
  lines: string[];
  outside: Outside;
  time: { now: Instant };
  configuration: Configuration;
  pauses: number[];
  /** Stores a secret and turns its rotation on without starting one. Resolves to its ARN. */
  keep(text: string, tags: Readonly<Record<string, string>>): Promise<string>;
  /** Secrets Manager begins a rotation. Resolves to its token. */
  begin(arn: string): Promise<string>;
  step(arn: string, token: string, step: string, more?: object): Promise<void>;
  /** All four steps. */
  rotate(arn: string): Promise<string>;
  /** A sweep of the function that retires what is over its grace. */
  heal(): Promise<void>;
  stages(arn: string): Promise<Readonly<Record<string, readonly string[]>>>;
  record(arn: string): ReturnType<typeof readRecord>;
}

export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

export async function stage(
  outside: Partial<Outside> = {},
  settings: Partial<Configuration["secrets"]> = {},
): Promise<Stage> {
  const time = { now: start };
  const now = () => time.now;
  const secrets = createSecretsManager({ now, account, region });
  const dynamodb = createDynamoDb({ now });
  await createLedgerTable(dynamodb);
  const events: PutEvent[] = [];
  const lines: string[] = [];
  const pauses: number[] = [];
  const whole = {
    ...nowhere,
    secrets,
    random: randomBytes,
    pause: async (attempt: number) => void pauses.push(attempt),
    ...outside,
  };
  const log = (message: string, ...fields: object[]) => void lines.push(JSON.stringify([message, ...fields]));
  const configuration = acting(settings);
  const bus: Bus = { name: "nightshift", client: { send: busOf(events) } };
  const ledger: Ledger = { client: dynamodb, table: ledgerTable };
  const common = { configuration, now, log: { info: log, warn: log, error: log }, pause: async () => {} };
  const dependencies = {
    ...common,
    ...{ table: ledgerTable, outside: whole, bus, region, deadline: () => time.now + day },
  };
  const made: Stage = {
    ...{ secrets, ledger, bus, events, lines, outside: whole, time, configuration, pauses },
    keep: (text, tags) => keep(secrets, text, tags),
    async begin(arn) {
      time.now += 60_000;
      const { VersionId = "" } = await secrets.send(rotation(arn));
      return VersionId;
    },
    step: (arn, token, Step, more = {}) =>
      run({ Step, SecretId: arn, ClientRequestToken: token, ...more }, { ...dependencies, ledger: ledger.client }),
    async rotate(arn) {
      const token = await made.begin(arn);
      for (const each of steps) await made.step(arn, token, each);
      return token;
    },
    heal: () =>
      heal(
        {},
        {
          ...dependencies,
          ledger: ledger.client,
          ecs: { send: unreachable },
          strategyNamed: (name) => strategyNamed(name, configuration.secrets),
        },
      ),
    stages: async (arn) => (await describeSecret(secrets, arn)).stages,
    record: (arn) => readRecord(made.ledger, arn),
  };
  return made;
}

function rotation(arn: string): RotateSecretCommand {
  return new RotateSecretCommand({ SecretId: arn });
}

async function keep(
  secrets: SimulatedSecretsManager,
  SecretString: string,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const Name = `shop/secret-${secrets.secrets.size}`;
  const { ARN = "" } = await secrets.send(new CreateSecretCommand({ Name, SecretString, Tags }));
  secrets.secret(ARN).rotation = { enabled: true, functionArn, rules: { AutomaticallyAfterDays: 88 } };
  return ARN;
}

/** Production's, with leave to repair. */
function acting(settings: Partial<Configuration["secrets"]>): Configuration {
  const { configuration } = loadConfiguration("production", {});
  const { secrets, healRotations } = configuration;
  return { ...configuration, secrets: { ...secrets, ...settings }, healRotations: { ...healRotations, mode: "act" } };
}

/** Takes every event, and keeps it. */
function busOf(events: PutEvent[]): EventBridgeClient["send"] {
  const send = async ({ input }: PutEventsCommand) => {
    const Entries = input.Entries ?? [];
    for (const { DetailType = "", Detail = "{}" } of Entries)
      events.push({ type: DetailType, detail: JSON.parse(Detail) });
    return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: "1" })) };
  };
  return send as unknown as EventBridgeClient["send"];
}

const unreachable = async (): Promise<never> => {
  throw new Error("nothing of this test is there");
};

/** What a strategy that is tried here has no business with. */
const nowhere: Omit<Outside, "secrets" | "random" | "pause"> = {
  iam: { send: unreachable },
  sts: () => ({ send: unreachable }),
  acm: { send: unreachable },
  elasticache: { send: unreachable },
  ...{ postgres: unreachable, mysql: unreachable, redis: unreachable, http: unreachable },
};
