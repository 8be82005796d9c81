import { Refused } from "../failures.ts";
import { quoted, suggestion } from "../text.ts";

export const environments = ["development", "testing", "staging", "production"] as const;
export type EnvironmentName = (typeof environments)[number];

/** The environment of this name; throws `Refused` with the nearest one. */
export function environmentNamed(name: string): EnvironmentName {
  const found = environments.find((environment) => environment === name);
  if (found !== undefined) return found;
  throw new Refused(
    `unknown environment ${quoted(name)}${suggestion(name, environments)} (${environments.join(", ")})`,
  );
}
