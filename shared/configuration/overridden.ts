import { Broken, Refused } from "../failures.ts";
import { check } from "./check.ts";
import { merge } from "./merge.ts";
import { overridesVariable, readOverrides } from "./overrides.ts";
import { describe, type Problem } from "./problems.ts";
import type { Configuration } from "./schema.ts";

/**
 * A packed configuration with NIGHTSHIFT_OVERRIDES on top. Throws `Refused` (one line) for a wrong override, `Broken` for a
 * packed configuration that is itself wrong.
 */
export function overridden(packed: Configuration, overridesText: string | undefined): Configuration {
  const own = check(packed);
  if (!own.ok) throw new Broken(`the packed configuration: ${sentence(own.problems)}`);
  const overrides = readOverrides(overridesText);
  if (!overrides.ok) throw new Refused(`${overridesVariable}: ${overrides.reason}`);
  const checked = check(merge(packed, overrides.value));
  if (!checked.ok) throw new Refused(`${overridesVariable}: ${sentence(checked.problems)}`);
  return checked.configuration;
}

function sentence(problems: readonly Problem[]): string {
  return problems.map(describe).join("; ");
}
