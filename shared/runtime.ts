import { readFileSync } from "node:fs";
import { type Bundle, configurationFor } from "./configuration/bundled.ts";
import type { Configuration } from "./configuration/schema.ts";
import type { Instant } from "./instant.ts";

// What a handler puts together is the same in every function, but for its clients.

/**
 * For every client: a service that does not answer costs one attempt, and not the rest of the invocation. Without it the SDK
 * waits for as long as the socket stays open. DynamoDB's, CloudWatch's and SNS's slowest honest answers take less.
 */
export const clientOptions = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/** The configuration that was packed beside the code, with the overrides of this function on top. */
export function packedConfiguration(environment: string, overrides: string | undefined): Promise<Configuration> {
  const bundle: Bundle = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
  return configurationFor(bundle, environment, overrides);
}

/** When to stop beginning anything new: ten seconds to hand over what is left, before Lambda takes the time away. */
export function deadlineOf(context: { getRemainingTimeInMillis(): number }): () => Instant {
  const end = Date.now() + context.getRemainingTimeInMillis() - 10_000;
  return () => end;
}
