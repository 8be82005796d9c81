import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { run } from "../../functions/heal-rotations/run.ts";
import { bundleAll } from "../../shared/configuration/files.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import type { Instant } from "../../shared/instant.ts";
import { failure } from "../../shared/secrets/failure.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { createDynamoDb } from "../../simulation/aws/dynamodb.ts";
import { createEcs } from "../../simulation/aws/ecs.ts";
import { createEventBridge } from "../../simulation/aws/eventbridge.ts";
import { createSecretsManager } from "../../simulation/aws/secrets-manager.ts";
import { createLedgerTable, ledgerTable } from "../../simulation/table.ts";
import { createDatabase, type Through } from "./remembered.ts";

/** The process is gone: whatever it would do afterwards it does not do. */
export class Killed extends Error {}

/** Which of the external calls of a sweep kills it, from 1, and whether that call still reached its service. */
export interface Kill {
  call: number;
  executed: boolean;
}

export const begin = Date.UTC(2027, 0, 1);
export const home = { account: "111122223333", region: "eu-west-1" };
export const v1 = "11111111-1111-4111-8111-111111111111";
export const v2 = "22222222-2222-4222-8222-222222222222";
/** Marked so that a test finds them wherever they are not to be. */
export const values = { [v1]: "canary-one", [v2]: "canary-two" } as const;

export interface Changes {
  mode?: "recommend" | "act";
  readers?: Configuration["secrets"]["readers"];
  /** Whether AWSPENDING stays on a version that is promoted: both are ends that AWS documents. */
  keepsPending?: boolean;
}

export type HealWorld = Awaited<ReturnType<typeof createHealWorld>>;

/** One database, and a secret that holds its password: v1. */
export async function createHealWorld({ mode = "act", readers = [], keepsPending = false }: Changes) {
  const clock = { at: begin };
  const now = (): Instant => clock.at;
  const secrets = createSecretsManager({ now, ...home, keepsPending });
  const dynamodb = createDynamoDb({ now });
  await createLedgerTable(dynamodb);
  const { production } = bundleAll();
  const configuration: Configuration = {
    ...production,
    secrets: { ...production.secrets, readers },
    healRotations: { ...production.healRotations, mode },
  };
  const Tags = Object.entries({ "nightshift:kind": "database-password", "nightshift:strategy": "remembered" });
  const { ARN: arn = "" } = await secrets.send(
    new CreateSecretCommand({
      ...{ Name: "shop/database", SecretString: values[v1], ClientRequestToken: v1 },
      Tags: Tags.map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return {
    ...{ clock, now, secrets, dynamodb, configuration, arn, ...createLog() },
    bridge: createEventBridge({ now }),
    ecs: createEcs({ now, ...home }),
    ledger: { client: dynamodb, table: ledgerTable },
    database: createDatabase([values[v1]]),
    pause: async () => {},
    /** How many external calls the last sweep made. */
    calls: 0,
  };
}

function createLog() {
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  const note =
    (level: string) =>
    (message: string, ...fields: Record<string, unknown>[]) =>
      void lines.push({ level, message, fields: Object.assign({}, ...fields) });
  return { lines, log: { info: note("info"), warn: note("warn"), error: note("error") } };
}

/** One invocation. After its death none of its calls reaches anybody. */
export async function sweepOnce(world: HealWorld, kill: Kill | null): Promise<void> {
  world.calls = 0;
  let isDead = false;
  const through: Through = async (act) => {
    world.calls++;
    if (isDead) throw new Killed();
    isDead = kill?.call === world.calls;
    if (!isDead) return await act();
    if (kill?.executed) await act();
    throw new Killed();
  };
  const around = <Client extends { send: unknown }>(client: Client): Client => ({
    ...client,
    send: (command: unknown) => through(() => (client.send as (command: unknown) => Promise<unknown>)(command)),
  });
  const { configuration, now, log, pause, clock, database } = world;
  await run(
    {},
    {
      ...{ configuration, now, log, pause, region: home.region, table: ledgerTable },
      outside: { secrets: around(world.secrets), pause } as unknown as Outside,
      ledger: around(world.dynamodb),
      bus: { client: around(world.bridge), name: "default" },
      ecs: around(world.ecs),
      strategyNamed: async (name) =>
        name === "remembered" ? database.strategy(through) : failure("malformed", `there is no strategy ${name}`, "x"),
      deadline: () => clock.at + 200_000,
    },
  );
}
