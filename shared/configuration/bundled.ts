import { Broken, Refused } from "../failures.ts";
import { quoted, suggestion } from "../text.ts";
import { check } from "./check.ts";
import { merge } from "./merge.ts";
import { overridesVariable, readOverrides } from "./overrides.ts";
import { describe, type Problem } from "./problems.ts";
import { type Configuration, type EnvironmentName, environments } from "./schema.ts";

// What a function needs of configuration at run time. The YAML reader is not part of it: the files were read when the
// function was packed.

/** Every environment's configuration as it was packed with the code; not believed until it is validated again. */
export type Bundle = Record<EnvironmentName, unknown>;

/**
 * The configuration of the running function. `overridesText` is NIGHTSHIFT_OVERRIDES.
 * Throws `Refused` (one line) for an unknown environment or a wrong override, `Broken` for a bundle that is itself wrong.
 */
export function configurationFor(
  bundle: Bundle,
  environment: string,
  overridesText: string | undefined,
): Configuration {
  const base = bundle[environmentNamed(environment)];
  const packed = check(base);
  if (!packed.ok) throw new Broken(`the packed configuration of ${environment}: ${sentence(packed.problems)}`);
  const overrides = readOverrides(overridesText);
  if (!overrides.ok) throw new Refused(`${overridesVariable}: ${overrides.reason}`);
  const checked = check(merge(base, overrides.value));
  if (!checked.ok) throw new Refused(`${overridesVariable}: ${sentence(checked.problems)}`);
  return checked.configuration;
}

/** The environment of this name; throws `Refused` with the nearest one. */
export function environmentNamed(name: string): EnvironmentName {
  const found = environments.find((environment) => environment === name);
  if (found !== undefined) return found;
  throw new Refused(
    `unknown environment ${quoted(name)}${suggestion(name, environments)} (${environments.join(", ")})`,
  );
}

function sentence(problems: readonly Problem[]): string {
  return problems.map(describe).join("; ");
}
