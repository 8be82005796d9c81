import { lookup } from "node:dns/promises";
import { setTimeout as wait } from "node:timers/promises";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { loadConfiguration } from "../shared/configuration/files.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import type { Instant } from "../shared/instant.ts";
import type { Ledger } from "../shared/ledger/store.ts";
import type { Failure } from "../shared/secrets/failure.ts";
import type { Outside } from "../shared/secrets/outside.ts";
import { reach } from "../shared/secrets/reach.ts";
import { strategyNamed } from "../shared/secrets/strategies.ts";
import type { Strategy } from "../shared/secrets/strategy.ts";
import { connectedWith, whoWeAre } from "./clients.ts";
import type { Arguments } from "./command.ts";
import { ledgerNamed, openLedger, sayWhere } from "./connection.ts";
import type { Terminal } from "./terminal.ts";

// The account that a command is about: by the usual variables (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …), as the AWS CLI.

export interface Cloud {
  account: string;
  region: string;
  /** As whom we are there. */
  caller: string;
  /** Whose configuration it is. */
  environment: string;
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

/** Names the account and the region before anything else is done there. */
export async function connectAws(given: Arguments, terminal: Terminal): Promise<Cloud> {
  const environment = given.texts.environment ?? "production";
  const { configuration } = loadConfiguration(environment);
  const table = ledgerNamed(given, terminal);
  const { region, kms, sts, ledger } = await connectedWith(options);
  const { account, arn: caller } = await whoWeAre({ sts });
  sayWhere(terminal, { account, region, caller });
  return {
    ...{ account, region, caller, environment, configuration, kms },
    strategyNamed: (name) => strategyNamed(name, configuration.secrets),
    ledger: table === null ? null : openLedger(ledger, table),
    outside: reach(options),
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
