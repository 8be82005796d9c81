import { type App, Aspects } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { type EnvironmentName, environmentNamed, environments } from "../shared/configuration/environments.ts";
import { bundleAll } from "../shared/configuration/files.ts";
import { overridden } from "../shared/configuration/overridden.ts";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import { lint } from "../shared/lint/lint.ts";
import { printable } from "../shared/text.ts";
import { Nightshift } from "./stack.ts";

/**
 * Adds the stack that the app's context asks for: `environment` (one of the four), `overrides` (optional: the functions'
 * NIGHTSHIFT_OVERRIDES), `runbook` (optional: the address of docs/operating.md). Throws `Refused` for a wrong one and for a
 * wrong configuration.
 */
export function addNightshift(app: App): Nightshift {
  const name = text(app, "environment");
  if (name === undefined) {
    throw new Refused(`which environment? Say -c environment=… (${environments.join(", ")})`);
  }
  const environment = environmentNamed(name);
  const overrides = text(app, "overrides");
  const configuration = overridden(bundleAll()[environment], overrides);
  refuseContradictions(environment, configuration);
  Aspects.of(app).add(new AwsSolutionsChecks());
  return new Nightshift(app, `nightshift-${environment}`, {
    environment,
    configuration,
    overrides,
    runbook: text(app, "runbook") ?? "docs/operating.md",
    // What holds real or sanitised data is not deleted by a slip.
    terminationProtection: configuration.environment.data !== "synthetic",
  });
}

/** What the policy can never keep stops the deployment, unless somebody said that they live with it: that is said again, a line each. */
function refuseContradictions(environment: EnvironmentName, configuration: Configuration): void {
  const errors = lint([{ environment, configuration }], false).filter(({ severity }) => severity === "error");
  for (const { rule, path, arithmetic, acknowledged } of errors) {
    if (acknowledged === null) continue;
    process.stderr.write(
      `nightshift: acknowledged: ${rule} at ${path}: ${printable(arithmetic)} (${printable(acknowledged)})\n`,
    );
  }
  const [first, ...also] = errors
    .filter(({ acknowledged }) => acknowledged === null)
    .map(({ rule, path, message, remedy }) => `${rule} at ${path}: ${message}; ${remedy}, or acknowledge it`);
  if (first !== undefined) throw new Refused(first, { also });
}

function text(app: App, key: string): string | undefined {
  const value: unknown = app.node.tryGetContext(key);
  if (value === undefined || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
