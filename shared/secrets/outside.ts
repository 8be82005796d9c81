import type { ACMClient } from "@aws-sdk/client-acm";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";

/** An AWS key, for a client that is to act with it and not with our own role. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Everything that a strategy reaches: the simulation and the tests put their own in its place. */
export interface Outside {
  secrets: Pick<SecretsManagerClient, "send">;
  iam: Pick<IAMClient, "send">;
  /** A client that signs with the given key: to prove that it works. */
  sts: (key: AccessKey) => Pick<STSClient, "send">;
  acm: Pick<ACMClient, "send">;
  elasticache: Pick<ElastiCacheClient, "send">;
  postgres: Connect;
  /** Of MySQL and of MariaDB. */
  mysql: Connect;
  redis: (target: Target) => Promise<RedisSession>;
  /** As `fetch`; rejects only when no answer came. */
  http: (request: Request) => Promise<Response>;
  /** So many bytes that nobody can foresee. */
  random: (bytes: number) => Uint8Array;
  /** Waits a moment before something is tried again, longer with each attempt (from 0). */
  pause: (attempt: number) => Promise<void>;
}

/** Where a database is, and as whom to enter it. */
export interface Target {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Null for the server's own default. */
  database: string | null;
  tls: Tls;
  /** Connecting, and each statement, may take so long. */
  timeoutMs: number;
}

/** As PostgreSQL's sslmode names them: none; encrypted; the authority checked; the name checked as well. */
export const tlsModes = ["disable", "require", "verify-ca", "verify-full"] as const;

export interface Tls {
  mode: (typeof tlsModes)[number];
  /** The authorities that are trusted, as PEM; those of Node when null. */
  authorities: string | null;
  /** The name that the certificate must have; the host when null. */
  serverName: string | null;
}

/** Enters a database. Rejects with what the driver throws. */
export type Connect = (target: Target) => Promise<Session>;

/** One connection, used by one after the other. */
export interface Session {
  /** Rows as objects by column name. `values` stand for $1, $2 … (PostgreSQL) or ? (MySQL). Rejects with what the driver throws. */
  query(statement: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Never rejects. */
  end(): Promise<void>;
}

export interface RedisSession {
  /** One command and its arguments. Rejects with what the server refused. */
  command(words: readonly string[]): Promise<unknown>;
  end(): Promise<void>;
}
