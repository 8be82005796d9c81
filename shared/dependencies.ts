import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Configuration } from "./configuration/schema.ts";
import type { Instant } from "./instant.ts";
import type { Log } from "./log.ts";

/** What every function's `run` is given: its clients, its policy, and what time it is. */
export interface Dependencies {
  ledger: Pick<DynamoDBClient, "send">;
  /** The ledger's table. */
  table: string;
  configuration: Configuration;
  now: () => Instant;
  log: Log;
  /** Waits a moment after a lost race, longer with each attempt (from 0). */
  pause: (attempt: number) => Promise<void>;
  /** When to stop beginning anything new. */
  deadline: () => Instant;
}
