import type { KMSClient } from "@aws-sdk/client-kms";
import { parseArguments } from "../../cli/arguments.ts";
import type { Cloud, Connect } from "../../cli/aws.ts";
import type { Command } from "../../cli/command.ts";
import { report } from "../../cli/ending.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { createCloudTrail } from "../../simulation/aws/cloudtrail.ts";
import { createLambda, type FunctionRecord } from "../../simulation/aws/lambda.ts";
import { commandName } from "../../simulation/commands.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createScene, promotedScene, type Scene } from "../secrets/heal-scene.ts";
import { type Changes, home } from "../secrets/heal-world.ts";
import { type Ended, onTerminal } from "./terminal.ts";

export const functionArn = `arn:aws:lambda:${home.region}:${home.account}:function:rotate-secrets`;

/** The function as a stack deploys it. */
export function rotateFunction({ arn, vpcId }: { arn: string; vpcId: string | null }): FunctionRecord {
  const variables = { NIGHTSHIFT_ENVIRONMENT: "production", NIGHTSHIFT_LEDGER_TABLE: ledgerTable };
  const description = "Nightshift production: rotate-secrets";
  return { arn, name: arn.split(":")[6] ?? "", vpcId, timeoutSeconds: 300, description, variables };
}

/** An account with one rotated secret in it, and everything that a command sends there. */
export type Account = Awaited<ReturnType<typeof createAccount>>;

export async function createAccount({ isPromoted = false, ...changes }: Changes & { isPromoted?: boolean } = {}) {
  const scene: Scene = isPromoted ? await promotedScene(changes) : await createScene(changes);
  const sent: string[] = [];
  const lambda = createLambda();
  lambda.put(rotateFunction({ arn: functionArn, vpcId: null }));
  const cloudtrail = createCloudTrail({ now: scene.now });
  const secret = scene.secrets.secret(scene.arn);
  secret.rotation = { enabled: true, functionArn, rules: { AutomaticallyAfterDays: 80 } };
  const around = <Client extends { send: unknown }>(client: Client): Client => ({
    ...client,
    send: (command: unknown) => {
      sent.push(commandName(command));
      return (client.send as (command: unknown) => Promise<unknown>)(command);
    },
  });
  const keys = new Map<string, string | Error>();
  const kms = {
    send: (async (command: { input: { KeyId: string } }) => stateOf(keys, command.input.KeyId)) as KMSClient["send"],
  };
  const random = (bytes: number) => new Uint8Array(bytes).fill(7);
  const cloud: Cloud = {
    ...{ account: home.account, region: home.region, caller: "arn:aws:sts::111122223333:assumed-role/ops/ada" },
    ...{ environment: "production", configuration: scene.configuration },
    ledger: { client: around(scene.dynamodb), table: scene.ledger.table },
    outside: { secrets: around(scene.secrets), random, pause: scene.pause } as unknown as Outside,
    ...{ kms: around(kms), lambda: around(lambda), cloudtrail: around(cloudtrail), now: scene.now },
    strategyNamed: async () => scene.database.strategy((act) => act()),
    addresses: async () => [],
    pause: async (ms) => scene.later(ms),
  };
  return { scene, cloud, sent, lambda, cloudtrail, keys, secret };
}

function stateOf(keys: ReadonlyMap<string, string | Error>, id: string): object {
  const state = keys.get(id);
  if (state instanceof Error) throw state;
  return { KeyMetadata: { KeyState: state } };
}

/** Runs a command in that account, and ends as the command line does. */
export function inAccount(
  make: (connect: Connect) => Command,
  words: readonly string[],
  { cloud }: Pick<Account, "cloud">,
): Promise<Ended> {
  const command = make(async () => cloud);
  return onTerminal(async (terminal) => {
    try {
      return await command.run(parseArguments(command, words), terminal);
    } catch (error) {
      return report(error, terminal);
    }
  });
}
