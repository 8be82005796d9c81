import { type EnvironmentName, environmentNamed } from "./environments.ts";
import type { Configuration } from "./schema.ts";

// What a function needs of configuration at run time. The files were read and checked when the function was packed, so
// that a cold start waits neither for the YAML reader nor, unless there are overrides to check, for the schema.

/** Every environment's configuration, as it was checked and packed with the code. */
export type Bundle = Record<EnvironmentName, Configuration>;

/**
 * The configuration of the running function. `overridesText` is NIGHTSHIFT_OVERRIDES.
 * Rejects with `Refused` (one line) for an unknown environment or a wrong override.
 */
export async function configurationFor(
  bundle: Bundle,
  environment: string,
  overridesText: string | undefined,
): Promise<Configuration> {
  const packed = bundle[environmentNamed(environment)];
  if (overridesText === undefined || overridesText === "") return packed;
  const { overridden } = await import("./overridden.ts");
  return overridden(packed, overridesText);
}
