import { ACMClient } from "@aws-sdk/client-acm";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Dependencies as Auditing } from "../../functions/audit-secrets/run.ts";
import type { Dependencies as Healing } from "../../functions/heal-rotations/sweep.ts";
import type { Dependencies as Rotating } from "../../functions/rotate-secrets/run.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { hour } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { describe } from "../../shared/secrets/described.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { reach } from "../../shared/secrets/reach.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import { createLedger } from "./connection.ts";
import { credentials } from "./dynamodb-local.ts";

/** Everything that the functions which look after secrets reach. */
export interface RotationConnection {
  secrets: Outside["secrets"];
  ledger: Ledger;
  functionArn: string;
  auditing: Pick<Auditing, "acm" | "iam" | "kms">;
  lines: string[];
  /** Registers a version that is pending and has no value. Resolves to its token. */
  begin(arn: string): Promise<string>;
  /** What the function is given that is called with that token. */
  dependencies(token: string): Rotating;
  healing(): Healing;
  /** Lets time pass, as far as the functions know. */
  pass(ms: number): void;
}

export type ConnectRotation = () => Promise<RotationConnection>;

const region = "us-east-1";

/** How a version becomes pending there. */
export type Begin = (secrets: Outside["secrets"], arn: string, token: string, functionArn: string) => Promise<unknown>;

/**
 * As Secrets Manager does it. moto wants to be told the function each time, and refuses while AWSPENDING is on the current version,
 * where AWS leaves it after a rotation and takes the next one all the same: there it is taken away first.
 */
export const byRotateSecret: Begin = async (secrets, SecretId, ClientRequestToken, RotationLambdaARN) => {
  const { stages } = await describe(secrets, SecretId);
  const [left] = Object.keys(stages).filter((version) => stages[version]?.includes("AWSPENDING"));
  if (left !== undefined) {
    const taken = { SecretId, VersionStage: "AWSPENDING", RemoveFromVersionId: left };
    await secrets.send(new UpdateSecretVersionStageCommand(taken));
  }
  await secrets.send(new RotateSecretCommand({ SecretId, ClientRequestToken, RotationLambdaARN }));
};

/** Nothing is sent: see `alsoPending`. */
export const byNobody: Begin = async () => {};

/** An implementation behind HTTP, reached by the clients that the functions have. */
export function connectRotation(
  endpoint: () => Promise<string>,
  rotates: (endpoint: string) => Promise<string>,
  begin: Begin,
): ConnectRotation {
  let table: Promise<string> | undefined;
  let named: Promise<string> | undefined;
  return async () => {
    const at = await endpoint();
    const options = { endpoint: at, region, credentials, maxAttempts: 1 };
    const client = new DynamoDBClient(options);
    const { configuration } = loadConfiguration("production", {});
    table ??= createLedger({ send: client.send.bind(client), changes: async () => [] });
    named ??= rotates(at);
    const functionArn = await named;
    const ledger = { client, table: await table };
    const outside = { ...reach(options), pause: async () => {} };
    const { secrets } = outside;
    const events = new EventBridgeClient(options);
    const lines: string[] = [];
    const line = (message: string, ...fields: object[]) => void lines.push(JSON.stringify([message, ...fields]));
    let passed = 0;
    const now = () => Date.now() + passed;
    const common = {
      ...{ configuration, now, outside, region, ledger: client, table: ledger.table },
      ...{ log: { info: line, warn: line, error: line }, pause: async () => {}, deadline: () => now() + hour },
      bus: { client: events, name: "default" },
    };
    const strategies = (name: string) => strategyNamed(name, configuration.secrets);
    return {
      ...{ secrets, ledger, lines, functionArn },
      auditing: { acm: new ACMClient(options), iam: new IAMClient(options), kms: new KMSClient(options) },
      async begin(arn) {
        const token = crypto.randomUUID();
        await begin(secrets, arn, token, functionArn);
        return token;
      },
      dependencies: (token) =>
        begin === byNobody ? { ...common, outside: { ...outside, secrets: alsoPending(secrets, token) } } : common,
      healing: () => ({ ...common, ecs: new ECSClient(options), strategyNamed: strategies }),
      pass(ms) {
        passed += ms;
      },
    };
  };
}

/**
 * The same Secrets Manager; but where it does not know the version yet, DescribeSecret tells of it as AWS would after RotateSecret:
 * pending, and without a value. For one whose RotateSecret does everything itself, so that nothing ever is pending there. What
 * the functions then store and move is stored and moved for real.
 */
function alsoPending(secrets: Outside["secrets"], token: string): Outside["secrets"] {
  const through = secrets.send.bind(secrets) as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown) => {
    const answer = await through(command);
    if (!(command instanceof DescribeSecretCommand)) return answer;
    const described = answer as DescribeSecretCommandOutput;
    const { VersionIdsToStages: stages = {} } = described;
    return { ...described, VersionIdsToStages: { [token]: ["AWSPENDING"], ...stages } };
  };
  return { send: send as Outside["secrets"]["send"] };
}
