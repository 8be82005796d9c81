import { lookup } from "node:dns/promises";
import { setTimeout as wait } from "node:timers/promises";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { loadConfiguration } from "../shared/configuration/files.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import type { Instant } from "../shared/instant.ts";
import type { Ledger } from "../shared/ledger/store.ts";
import type { Failure } from "../shared/secrets/failure.ts";
import type { Outside } from "../shared/secrets/outside.ts";
import { strategyNamed } from "../shared/secrets/strategies.ts";
import type { Strategy } from "../shared/secrets/strategy.ts";
import { printable } from "../shared/text.ts";
import type { Arguments, Option } from "./command.ts";
import type { Terminal } from "./terminal.ts";

// The account that a command is about: by the usual variables (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …), as the AWS CLI.

export interface Cloud {
  account: string;
  region: string;
  /** As whom we are there. */
  caller: string;
  configuration: Configuration;
  /** Null where no table was named. */
  ledger: Ledger | null;
  outside: Outside;
  kms: Pick<KMSClient, "send">;
  lambda: Pick<LambdaClient, "send">;
  cloudtrail: Pick<CloudTrailClient, "send">;
  strategyNamed: (name: string) => Promise<Strategy | Failure>;
  /** The addresses of a host; none when nobody knows it here. */
  addresses: (host: string) => Promise<string[]>;
  now: () => Instant;
  pause: (ms: number) => Promise<void>;
}

export type Connect = (given: Arguments, terminal: Terminal) => Promise<Cloud>;

export const awsOptions: Readonly<Record<string, Option>> = {
  environment: { type: "string", value: "E", description: "whose configuration; production unless stated" },
  ledger: {
    type: "string",
    value: "TABLE",
    description: "the stack's ledger (its output LedgerTable); NIGHTSHIFT_LEDGER_TABLE unless stated",
  },
};

/** Names the account and the region before anything else is done there. */
export async function connectAws({ texts }: Arguments, terminal: Terminal): Promise<Cloud> {
  const { configuration } = loadConfiguration(texts.environment ?? "production");
  const table = texts.ledger ?? terminal.variables.NIGHTSHIFT_LEDGER_TABLE;
  const sts = new STSClient(options);
  const region = await sts.config.region();
  const { Account: account = "", Arn: caller = "" } = await sts.send(new GetCallerIdentityCommand());
  const endpoint = terminal.variables.AWS_ENDPOINT_URL;
  const place = endpoint === undefined ? "" : ` at ${endpoint}`;
  terminal.errors.write(
    `account ${printable(account)}, region ${printable(region)}${printable(place)}, as ${printable(caller)}\n`,
  );
  // The drivers of all databases: whoever only asks for help does not wait for them.
  const { reach } = await import("../shared/secrets/reach.ts");
  const dynamodb = new DynamoDBClient(options);
  return {
    ...{ account, region, caller, configuration },
    strategyNamed: (name) => strategyNamed(name, configuration.secrets),
    ledger: table === undefined ? null : { client: dynamodb, table },
    outside: reach(options),
    kms: new KMSClient(options),
    lambda: new LambdaClient(options),
    cloudtrail: new CloudTrailClient(options),
    addresses: async (host) => {
      const found = await lookup(host, { all: true }).catch(() => []);
      return found.map(({ address }) => address);
    },
    now: Date.now,
    pause: wait,
  };
}

/** A person waits: what does not answer is not waited for long. */
const options = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** For what cannot be done without knowing what Nightshift knows. */
export function ledgerOf({ ledger }: Cloud): Ledger {
  if (ledger !== null) return ledger;
  throw new Refused("no ledger is named: --ledger TABLE, or NIGHTSHIFT_LEDGER_TABLE");
}
