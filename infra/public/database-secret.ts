import { Stack, Token } from "aws-cdk-lib";
import type { ISecret, SecretStringGenerator } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import type { Refused } from "../../shared/failures.ts";
import { quoted, suggestion } from "../../shared/text.ts";
import type { NewSecretProps, RotationProps } from "./rotated-secret.ts";

export interface DatabaseSecretProps extends RotationProps, NewSecretProps {
  /** postgres, mysql, mariadb or redis; or as RDS names its engines: postgresql, aurora-postgresql, aurora, aurora-mysql. */
  readonly engine: string;
  /** The writer's address, without a port. */
  readonly host: string;
  /** Default: the engine's own, for example 5432. */
  readonly port?: number;
  /** The user whose password it is. Whoever makes the user gives it this password. */
  readonly username: string;
  /** Default: the one that the server opens by itself. */
  readonly databaseName?: string;
  /** The secret of who may change this user's password; tag it `nightshift:administrator`. Default: the user changes its own. */
  readonly administrator?: ISecret;
  /** How far the server is trusted: disable, require, verify-ca or verify-full. Default: verify-full. */
  readonly sslmode?: string;
}

/** The fields that AWS's own rotation templates use, and a password that no engine and no URL reads as anything else. */
export function databaseGenerator(
  scope: Construct,
  { engine, host, port, username, databaseName, administrator, sslmode }: DatabaseSecretProps,
  refuse: (problem: string) => Refused,
): SecretStringGenerator {
  oneOf("engine", engine, databaseEngines);
  if (sslmode !== undefined) oneOf("sslmode", sslmode, sslModes);
  for (const [name, value] of Object.entries({ host, username })) {
    if (value === "") throw refuse(`${name} is empty`);
  }
  if (!Token.isUnresolved(host) && !/^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9.])?$/.test(host)) {
    throw refuse(`host is ${quoted(host)}; state the name or address alone, without scheme or port`);
  }
  if (port !== undefined && !Token.isUnresolved(port) && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw refuse(`port is ${quoted(port)}; it must be a whole number from 1 to 65535`);
  }
  const fields = { engine, host, port, username, dbname: databaseName, masterarn: administrator?.secretArn, sslmode };
  return {
    secretStringTemplate: Stack.of(scope).toJsonString(fields),
    generateStringKey: "password",
    passwordLength: 40,
    excludePunctuation: true,
  };

  function oneOf(name: string, value: string, known: readonly string[]): void {
    if (Token.isUnresolved(value) || known.includes(value)) return;
    throw refuse(`${name} is ${quoted(value)}${suggestion(value, known)} (${known.join(", ")})`);
  }
}

const databaseEngines = [
  ...["postgres", "mysql", "mariadb", "redis"],
  ...["postgresql", "aurora-postgresql", "aurora", "aurora-mysql"],
];
const sslModes = ["disable", "require", "verify-ca", "verify-full"];
