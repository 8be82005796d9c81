import type { Looking } from "../functions/verify-backups/run.ts";
import { bundleAll, loadConfiguration } from "../shared/configuration/files.ts";
import type { Instant } from "../shared/instant.ts";
import { clientOptions } from "../shared/runtime.ts";
import { printable } from "../shared/text.ts";
import type { Arguments, Option } from "./command.ts";
import type { Terminal } from "./terminal.ts";

// The account that a command about backups is about. The SDK is loaded when it is needed.

export interface BackupsCloud extends Looking {
  now: () => Instant;
  /** How often each operation was called. */
  calls: Readonly<Record<string, number>>;
}

export type ConnectBackups = (given: Arguments, terminal: Terminal) => Promise<BackupsCloud>;

export const backupsOptions: Readonly<Record<string, Option>> = {
  markdown: { type: "boolean", description: "verify-backups: the report that auditors read" },
  owner: {
    type: "string",
    value: "TEAM",
    description: "verify-backups: only what this team owns (tag nightshift:owner)",
  },
  region: { type: "string", value: "R", description: "verify-backups: only this region" },
  account: {
    type: "string",
    value: "A",
    description: "verify-backups: refused unless it is the account that you are in",
  },
};

/** Names the account and the region before anything else is asked there. */
export const connectBackups: ConnectBackups = async ({ texts }, terminal) => {
  const { environment, configuration } = loadConfiguration(texts.environment ?? "production", {
    localFile: texts.local,
  });
  const options = { ...clientOptions, maxAttempts: 6 };
  const { connectedWith, counted, whoWeAre } = await import("./clients.ts");
  const { observersFor } = await import("../shared/backups/clients.ts");
  const calls: Record<string, number> = {};
  const count = (name: string, times: number) => {
    calls[name] = (calls[name] ?? 0) + times;
  };
  const { region, sts } = await connectedWith(options);
  const { account, arn } = await whoWeAre({ sts: counted(sts, count) });
  terminal.errors.write(`account ${printable(account)}, region ${printable(region)}\n`);
  const partition = arn.split(":")[1] ?? "aws";
  const { observersIn, clockSkewMs } = observersFor(options);
  return {
    ...{
      environment,
      policies: { ...bundleAll(), [environment]: configuration },
      place: { account, region, partition },
    },
    observersIn(there) {
      const clients = observersIn(there);
      return {
        ...{ backup: counted(clients.backup, count), rds: counted(clients.rds, count), s3: counted(clients.s3, count) },
        ...{ dynamodb: counted(clients.dynamodb, count), ec2: counted(clients.ec2, count) },
        ...{ efs: counted(clients.efs, count), fsx: counted(clients.fsx, count), kms: counted(clients.kms, count) },
        ...{ config: counted(clients.config, count), explorer: counted(clients.explorer, count) },
      };
    },
    clockSkewMs,
    now: Date.now,
    calls,
  };
};
