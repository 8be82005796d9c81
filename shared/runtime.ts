import { readFileSync } from "node:fs";
import { type Bundle, configurationFor } from "./configuration/bundled.ts";
import type { EnvironmentName } from "./configuration/environments.ts";
import type { Configuration } from "./configuration/schema.ts";
import type { Instant } from "./instant.ts";

// What a handler puts together is the same in every function, but for its clients.

/** So long before Lambda takes the time away nothing new is begun: the longest call fits, and handing over what is left. */
export const handingOverMs = 10_000;

/**
 * For every client: a service that does not answer costs less than `handingOverMs`, and not the rest of the invocation. Without
 * it the SDK waits for as long as the socket stays open.
 */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_800, throwOnRequestTimeout: true },
};

/** The configuration that was packed beside the code, with the overrides of this function on top. */
export function packedConfiguration(environment: string, overrides: string | undefined): Promise<Configuration> {
  const bundle: Bundle = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
  return configurationFor(bundle, environment, overrides);
}

/** The same of every environment: the overrides are those of this function's own. */
export async function packedConfigurations(
  environment: EnvironmentName,
  overrides: string | undefined,
): Promise<Bundle> {
  const bundle: Bundle = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
  return { ...bundle, [environment]: await configurationFor(bundle, environment, overrides) };
}

/** When to stop beginning anything new. */
export function deadlineOf(context: { getRemainingTimeInMillis(): number }): () => Instant {
  const end = Date.now() + context.getRemainingTimeInMillis() - handingOverMs;
  return () => end;
}

/** Where a function runs, as its own ARN says it. */
export function placeOf({ invokedFunctionArn }: { invokedFunctionArn: string }) {
  const [, partition = "aws", , region = "", account = ""] = invokedFunctionArn.split(":");
  return { partition, region, account };
}
