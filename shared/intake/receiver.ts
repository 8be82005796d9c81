import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Configuration } from "../configuration/schema.ts";
import type { Instant } from "../instant.ts";
import type { Ledger } from "../ledger/store.ts";
import type { Log } from "../log.ts";

/** What is needed to take in a delivery. */
export interface Receiver {
  ledger: Ledger;
  cloudwatch: Pick<CloudWatchClient, "send">;
  configuration: Configuration;
  now: () => Instant;
  log: Log;
  pause: (attempt: number) => Promise<void>;
}

/** What became of a delivery. */
export interface Received {
  outcome: "applied" | "duplicate" | "stale" | "unparsed";
  /** Applied, but no rule, tag or service placed the alarm. */
  unrouted: boolean;
}

/** Null when somebody else wrote first: read again, and decide anew. */
export type Attempt<Result> = Promise<Result | null>;
