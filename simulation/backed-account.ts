import { type Dependencies, type Looking, run } from "../functions/verify-backups/run.ts";
import { hour, type Instant } from "../shared/instant.ts";
import type { Fields, Log } from "../shared/log.ts";
import { createBackupAccount, type SimulatedBackup, type SimulatedBackupAccount } from "./aws/backup.ts";
import { createConfig, type SimulatedConfig } from "./aws/config-service.ts";
import { createDynamoDb, type SimulatedDynamoDB } from "./aws/dynamodb.ts";
import { createTables, type SimulatedTables } from "./aws/dynamodb-tables.ts";
import { createEc2, type SimulatedEc2 } from "./aws/ec2-volumes.ts";
import { createEfs, type SimulatedEfs } from "./aws/efs.ts";
import { createEventBridge, type SimulatedEventBridge } from "./aws/eventbridge.ts";
import { createFsx, type SimulatedFsx } from "./aws/fsx.ts";
import { createKms, type SimulatedKms } from "./aws/kms.ts";
import { createRds, type SimulatedRds } from "./aws/rds.ts";
import { createResourceExplorer, type SimulatedResourceExplorer } from "./aws/resource-explorer.ts";
import { createS3Account, type SimulatedS3 } from "./aws/s3.ts";
import { commandName } from "./commands.ts";
import { mutates } from "./mutating.ts";
import { createLedgerTable, ledgerTable } from "./table.ts";

// An account as verify-backups sees it: what there is in each region, what it could be restored from, keys, and what is written: the
// evidence, the ledger and the bus. Whatever else would be changed refuses to be, and is remembered.

/** The services of one region, by the names under which the function has them. */
export interface BackedRegion {
  backup: SimulatedBackup;
  rds: SimulatedRds;
  dynamodb: SimulatedTables;
  s3: SimulatedS3;
  ec2: SimulatedEc2;
  efs: SimulatedEfs;
  fsx: SimulatedFsx;
  config: SimulatedConfig;
  explorer: SimulatedResourceExplorer;
  kms: SimulatedKms;
}

/** One call, by the service as the function names it. */
export interface BackedCall {
  service: keyof BackedRegion | "ledger" | "bus" | "evidence";
  region: string;
  command: string;
}

export interface BackedAccount {
  clock: { at: Instant };
  backups: SimulatedBackupAccount;
  in(region: string): BackedRegion;
  ledger: SimulatedDynamoDB;
  events: SimulatedEventBridge;
  /** Stands around every call: what is thrown here is thrown to the function. */
  around: (call: BackedCall, execute: () => Promise<unknown>) => Promise<unknown>;
  /** Every call, in order. */
  calls: BackedCall[];
  /** What was sent to what is only looked at, and would have changed it. */
  forbidden: string[];
  log: { message: string; fields: Fields }[];
  looking(): Looking;
  dependencies(more?: Partial<Dependencies>): Dependencies;
  run(event?: unknown): Promise<void>;
}

export const home = { account: "111122223333", region: "eu-west-1", partition: "aws" };
export const evidenceBucket = "evidence";

/** Of production: its configuration is that of the stack. */
export async function createBackedAccount(options: {
  policies: Looking["policies"];
  start: Instant;
}): Promise<BackedAccount> {
  const { policies } = options;
  const configuration = policies.production;
  const clock = { at: options.start };
  const at = { account: home.account, now: () => clock.at };
  const services = regionsOf(at);
  const ledger = createDynamoDb(at);
  await createLedgerTable(ledger);
  const held = { "nightshift:backup": "none", "nightshift:backup-reason": "it is locked" };
  const tags = { ...held, "nightshift:backup-until": "2099-12-31" };
  services.in(home.region).s3.put(evidenceBucket, { hasObjectLock: true, tags });
  const account: BackedAccount = {
    ...{ clock, ...services, ledger, events: createEventBridge(at), calls: [], forbidden: [], log: [] },
    around: (_, execute) => execute(),
    looking: () => ({
      ...{ place: home, policies, environment: "production", clockSkewMs: () => 0 },
      observersIn: (region) => observersOf(account, region),
    }),
    dependencies: (more = {}) => ({
      ...account.looking(),
      ...{ configuration, now: at.now, table: ledgerTable, log: logInto(account), pause: async () => {} },
      deadline: () => clock.at + hour,
      ledger: watched(account, "ledger", home.region, account.ledger),
      bus: { client: watched(account, "bus", home.region, account.events), name: "findings" },
      evidence: {
        client: watched(account, "evidence", home.region, services.in(home.region).s3),
        bucket: evidenceBucket,
      },
      ...more,
    }),
    run: (event = {}) => run(event, account.dependencies()),
  };
  return account;
}

function regionsOf(at: { account: string; now: () => Instant }): Pick<BackedAccount, "backups" | "in"> {
  const backups = createBackupAccount(at);
  const buckets = createS3Account(at);
  const regions = new Map<string, BackedRegion>();
  const opened = (region: string): BackedRegion => {
    const there = { ...at, region };
    return {
      ...{ backup: backups.in(region), rds: createRds(there), dynamodb: createTables(there), s3: buckets.in(region) },
      ...{ ec2: createEc2(at), efs: createEfs(there), fsx: createFsx(there), config: createConfig(there) },
      ...{ explorer: createResourceExplorer(there), kms: createKms(there) },
    };
  };
  return {
    backups,
    in(region) {
      const found = regions.get(region) ?? opened(region);
      regions.set(region, found);
      return found;
    },
  };
}

function observersOf(account: BackedAccount, region: string): ReturnType<Looking["observersIn"]> {
  const services = account.in(region);
  const look = <Client>(service: keyof BackedRegion): Client =>
    watched(account, service, region, {
      send: async (command: unknown) => {
        if (!mutates(command)) return through(services[service])(command);
        account.forbidden.push(commandName(command));
        throw new Error(`nothing may be changed here, and ${commandName(command)} was sent`);
      },
    });
  return {
    ...{ backup: look("backup"), rds: look("rds"), dynamodb: look("dynamodb"), s3: look("s3"), ec2: look("ec2") },
    ...{ efs: look("efs"), fsx: look("fsx"), config: look("config"), explorer: look("explorer"), kms: look("kms") },
  };
}

/** A simulated service becomes a client here: the SDK's type has an overload for each command of the service. */
function watched<Client>(
  account: BackedAccount,
  service: BackedCall["service"],
  region: string,
  behind: { send: unknown },
): Client {
  const send = async (command: unknown) => {
    const call: BackedCall = { service, region, command: commandName(command).replace(/Command$/, "") };
    account.calls.push(call);
    return account.around(call, () => through(behind)(command));
  };
  return { send } as Client;
}

function through({ send }: { send: unknown }): (command: unknown) => Promise<unknown> {
  return send as (command: unknown) => Promise<unknown>;
}

function logInto({ log }: BackedAccount): Log {
  const line = (message: string, ...fields: Fields[]) =>
    void log.push({ message, fields: Object.assign({}, ...fields) });
  return { info: line, warn: line, error: line };
}
