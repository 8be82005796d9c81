import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { leaveOut } from "./gaps.ts";
import { account, region, runCommand, sandboxVariables } from "./process.ts";

/** The names and addresses of what was deployed: the stack's outputs. */
export interface Deployment {
  alarmTopic: string;
  alarmFunction: string;
  escalateFunction: string;
  deliveryQueue: string;
  deliveryDeadLetters: string;
  findingsBus: string;
  rotateFunction: string;
  auditSecretsFunction: string;
  healRotationsFunction: string;
  evaluateScalingFunction: string;
  decisionsTable: string;
  shardsQueue: string;
  ledgerTable: string;
  pagesP0: string;
  /** All of them, by their names in the stack. */
  outputs: Record<string, string>;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const cdk = fileURLToPath(import.meta.resolve("aws-cdk/bin/cdk"));
export const stack = "nightshift-production";

/** Synthesises production with these overrides, as it would go to AWS, then takes out what the emulator lacks. */
export async function synthesise(directory: string, overrides: unknown): Promise<string[]> {
  const assembly = join(directory, "cdk.out");
  rmSync(assembly, { recursive: true, force: true });
  const context = ["-c", "environment=production", "-c", `overrides=${JSON.stringify(overrides)}`];
  await runCdk(["synth", "--quiet", "--output", assembly, ...context], { endpoint: "", limitSeconds: 180 });
  return leaveOut(join(assembly, `${stack}.template.json`));
}

export async function bootstrap(directory: string, endpoint: string): Promise<void> {
  const app = ["--app", join(directory, "cdk.out")];
  await runCdk(["bootstrap", `aws://${account}/${region}`, ...app], { endpoint, limitSeconds: 180 });
}

export async function deploy(directory: string, endpoint: string): Promise<Deployment> {
  const file = join(directory, "outputs.json");
  const app = ["--app", join(directory, "cdk.out")];
  const how = ["--require-approval", "never", "--outputs-file", file];
  await runCdk(["deploy", stack, ...app, ...how], { endpoint, limitSeconds: 300 });
  const outputs: Record<string, string> = JSON.parse(readFileSync(file, "utf8"))[stack];
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the stack has no output ${name}`);
    return value;
  };
  return {
    alarmTopic: output("AlarmTopic"),
    alarmFunction: output("AlarmFunction"),
    escalateFunction: output("EscalateFunction"),
    deliveryQueue: output("DeliveryQueue"),
    deliveryDeadLetters: output("DeliveryDeadLetters"),
    findingsBus: output("FindingsBus"),
    rotateFunction: output("RotateFunction"),
    auditSecretsFunction: output("AuditSecretsFunction"),
    healRotationsFunction: output("HealRotationsFunction"),
    evaluateScalingFunction: output("EvaluateScalingFunction"),
    decisionsTable: output("DecisionsTable"),
    shardsQueue: output("ShardsQueue"),
    ledgerTable: output("LedgerTable"),
    pagesP0: output("PagesP0"),
    outputs,
  };
}

async function runCdk(
  parameters: string[],
  { endpoint, limitSeconds }: { endpoint: string; limitSeconds: number },
): Promise<void> {
  const variables = sandboxVariables(endpoint);
  if (endpoint === "") delete variables.AWS_ENDPOINT_URL;
  await runCommand(process.execPath, [cdk, ...parameters], { directory: root, variables, limitSeconds });
}
