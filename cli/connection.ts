import type { ACMClient } from "@aws-sdk/client-acm";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";
import { Refused } from "../shared/failures.ts";
import type { Ledger } from "../shared/ledger/store.ts";
import { clientOptions } from "../shared/runtime.ts";
import { printable, quoted } from "../shared/text.ts";
import type { Connect as ConnectCloud } from "./aws.ts";
import type { Arguments, Option } from "./command.ts";
import type { Terminal } from "./terminal.ts";

// What a command says of AWS before it is there. The SDK is loaded when it is needed: the help is there at once.

/** The AWS that the usual variables lead to: credentials, region, and AWS_ENDPOINT_URL where it is another one. */
export interface Connected {
  region: string;
  secrets: Pick<SecretsManagerClient, "send">;
  acm: Pick<ACMClient, "send">;
  iam: Pick<IAMClient, "send">;
  kms: Pick<KMSClient, "send">;
  sts: Pick<STSClient, "send">;
  ledger: Pick<DynamoDBClient, "send">;
}

export type Connect = () => Promise<Connected>;

/** Nobody waits at the other end for so long as a function would: a page that is throttled is asked for again. */
export const connectAws: Connect = async () =>
  (await import("./clients.ts")).connectedWith({ ...clientOptions, maxAttempts: 6 });

/** For a command that is about one secret. */
export const connectCloud: ConnectCloud = async (given, terminal) =>
  (await import("./aws.ts")).connectAws(given, terminal);

export const ledgerOption: Option = {
  type: "string",
  value: "TABLE",
  description: "the stack's ledger (its output LedgerTable); NIGHTSHIFT_LEDGER_TABLE unless stated",
};

export const awsOptions: Readonly<Record<string, Option>> = {
  environment: { type: "string", value: "E", description: "whose configuration; production unless stated" },
  ledger: ledgerOption,
};

/** Before anything is done there: which account and region it is, and as whom. */
export function sayWhere(
  { errors, variables }: Terminal,
  { account, region, caller }: { account: string; region: string; caller: string },
): void {
  const endpoint = variables.AWS_ENDPOINT_URL;
  const place = endpoint === undefined ? "" : ` at ${endpoint}`;
  errors.write(
    `account ${printable(account)}, region ${printable(region)}${printable(place)}, as ${printable(caller)}\n`,
  );
}

/** The ledger's table, where somebody has named it. */
export function ledgerNamed({ texts }: Arguments, { variables }: Terminal): string | null {
  return texts.ledger || variables.NIGHTSHIFT_LEDGER_TABLE || null;
}

/**
 * The table of that name, which is an output of the stack. What is asked of a table that is not there is `Refused` with its name,
 * which DynamoDB does not say.
 */
export function openLedger(client: Ledger["client"], table: string, output = "LedgerTable"): Ledger {
  const opened = new Proxy(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== "send" || typeof value !== "function") return value;
      return async (command: object) => {
        try {
          return await value.call(target, command);
        } catch (error) {
          if (!isWithoutTable(error)) throw error;
          throw new Refused(
            `there is no table ${quoted(table)} in this account and region: name the stack's output ${output}`,
          );
        }
      };
    },
  });
  return { client: opened, table };
}

/** Whether DynamoDB has no table of the name that it was given. */
function isWithoutTable(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceNotFoundException";
}

/** For what cannot be done without knowing what Nightshift knows. Throws `Refused` where nobody has named a ledger. */
export function required<Named>(ledger: Named | null): Named {
  if (ledger !== null) return ledger;
  throw new Refused("no ledger is named: --ledger TABLE, or NIGHTSHIFT_LEDGER_TABLE (the stack's output LedgerTable)");
}
