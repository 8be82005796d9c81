import { type CertificateSummary, ListCertificatesCommand } from "@aws-sdk/client-acm";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListServerCertificatesCommand, type ServerCertificateMetadata } from "@aws-sdk/client-iam";
import { type Dependencies, run } from "../functions/audit-secrets/run.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { hour, type Instant } from "../shared/instant.ts";
import type { Fields, Log } from "../shared/log.ts";
import { createDynamoDb } from "./aws/dynamodb.ts";
import { createKms, type SimulatedKms } from "./aws/kms.ts";
import { createSecretsManager, type SimulatedSecretsManager } from "./aws/secrets-manager.ts";
import { commandName } from "./commands.ts";
import { createLedgerTable, ledgerTable } from "./table.ts";

// An account as audit-secrets sees it: a Secrets Manager, the stores of certificates, keys, a bus and the ledger.

/** A finding, as it was put on the bus. */
export interface ToldFinding {
  version: number;
  operation: string;
  rule: string;
  resource: string;
  state: "raised" | "cleared";
  severity: string;
  message: string;
  remedy: string;
  at: string;
}

export interface AuditedAccount {
  clock: { at: Instant };
  secretsManager: SimulatedSecretsManager;
  /** What the bus took, in order. */
  findings: ToldFinding[];
  /** Entries that the bus does not take, though it takes the call. */
  refuses: (finding: ToldFinding) => boolean;
  acm: CertificateSummary[];
  iam: ServerCertificateMetadata[];
  kms: SimulatedKms;
  /** What fails: told the command's name before it is executed. */
  fail: (command: string) => Error | null;
  /** Every command that was sent, by name. */
  calls: Map<string, number>;
  log: { message: string; fields: Fields }[];
  dependencies(more?: Partial<Dependencies>): Dependencies;
  audit(more?: Partial<Dependencies>): Promise<void>;
}

export const rotateFunction = "arn:aws:lambda:eu-west-1:111122223333:function:rotate-secrets";
const home = { account: "111122223333", region: "eu-west-1" };

export async function createAuditedAccount(options: {
  configuration: Configuration;
  start: Instant;
  lagMs?: () => number;
  quotas?: boolean;
}): Promise<AuditedAccount> {
  const clock = { at: options.start };
  const now = () => clock.at;
  const secretsManager = createSecretsManager({ ...options, ...home, now });
  const dynamodb = createDynamoDb({ now });
  await createLedgerTable(dynamodb);
  const calls = new Map<string, number>();
  const account: AuditedAccount = {
    ...{ clock, secretsManager, kms: createKms({ ...home, now }), calls, findings: [], acm: [], iam: [], log: [] },
    refuses: () => false,
    fail: () => null,
    dependencies: (more = {}) => ({
      ...{
        configuration: options.configuration,
        now,
        table: ledgerTable,
        region: home.region,
        rotateFunction,
      },
      log: logInto(account),
      pause: async () => {},
      wait: async (milliseconds) => {
        clock.at += milliseconds;
      },
      deadline: () => clock.at + hour,
      secrets: watched(account, secretsManager),
      ledger: watched(account, dynamodb),
      bus: {
        client: watched(account, { send: (command: unknown) => eventBridge(account, command) }),
        name: "findings",
      },
      acm: watched(account, { send: (command: unknown) => acm(account, command) }),
      iam: watched(account, { send: (command: unknown) => iam(account, command) }),
      kms: watched(account, account.kms),
      ...more,
    }),
    audit: (more) => run({}, account.dependencies(more)),
  };
  return account;
}

/** A simulated service becomes a client here: the SDK's type has an overload for each command of the service. */
function watched<Client>(account: AuditedAccount, service: { send: unknown }): Client {
  const through = service.send as (command: unknown) => Promise<unknown>;
  const send = async (command: unknown) => {
    const name = commandName(command);
    account.calls.set(name, (account.calls.get(name) ?? 0) + 1);
    const error = account.fail(name);
    if (error !== null) throw error;
    return through(command);
  };
  return { send } as Client;
}

async function eventBridge(account: AuditedAccount, command: unknown): Promise<object> {
  if (!(command instanceof PutEventsCommand)) throw unknown("EventBridge", command);
  const { Entries = [] } = command.input;
  if (Entries.length === 0 || Entries.length > 10) throw new Error("PutEvents takes 1 to 10 entries");
  const answers = Entries.map(({ Detail = "null", Source, DetailType }) => {
    const finding: ToldFinding = JSON.parse(Detail);
    if (Source !== "nightshift" || DetailType !== "Finding") throw new Error("a finding comes from nightshift");
    if (account.refuses(finding)) return { ErrorCode: "InternalFailure", ErrorMessage: "Internal failure" };
    account.findings.push(finding);
    return { EventId: String(account.findings.length) };
  });
  return { FailedEntryCount: answers.filter(({ EventId }) => EventId === undefined).length, Entries: answers };
}

async function acm({ acm: all }: AuditedAccount, command: unknown): Promise<object> {
  if (!(command instanceof ListCertificatesCommand)) throw unknown("ACM", command);
  const { MaxItems = 100, NextToken = "0", CertificateStatuses = [], Includes } = command.input;
  // As the service does: keys of other kinds are listed only when they are named.
  const keyTypes: readonly string[] = Includes?.keyTypes ?? ["RSA_1024", "RSA_2048"];
  const fitting = all.filter(
    ({ KeyAlgorithm = "RSA_2048", Status = "ISSUED" }) =>
      keyTypes.includes(KeyAlgorithm) && (CertificateStatuses.length === 0 || CertificateStatuses.includes(Status)),
  );
  const until = Number(NextToken) + MaxItems;
  const rest = until < fitting.length ? { NextToken: String(until) } : {};
  return { CertificateSummaryList: fitting.slice(Number(NextToken), until), ...rest };
}

async function iam({ iam: all }: AuditedAccount, command: unknown): Promise<object> {
  if (!(command instanceof ListServerCertificatesCommand)) throw unknown("IAM", command);
  const { MaxItems = 100, Marker = "0" } = command.input;
  const until = Number(Marker) + MaxItems;
  const rest = until < all.length ? { Marker: String(until), IsTruncated: true } : { IsTruncated: false };
  return { ServerCertificateMetadataList: all.slice(Number(Marker), until), ...rest };
}

function unknown(service: string, command: unknown): Error {
  return new Error(`the simulated ${service} does not implement ${commandName(command)}`);
}

function logInto({ log }: AuditedAccount): Log {
  const line = (message: string, ...fields: Fields[]) =>
    void log.push({ message, fields: Object.assign({}, ...fields) });
  return { info: line, warn: line, error: line };
}
