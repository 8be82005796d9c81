import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { Refused, Unavailable } from "../../shared/failures.ts";
import { second } from "../../shared/instant.ts";
import { describe } from "../../shared/secrets/described.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { readRecord } from "../../shared/secrets/records.ts";
import { printable } from "../../shared/text.ts";
import type { Cloud, Connect } from "../aws.ts";
import { type Command, jsonOption } from "../command.ts";
import { awsOptions, connectCloud } from "../connection.ts";
import { type Plan, planRotation } from "../rotation-plan.ts";
import { type Terminal, writeJson } from "../terminal.ts";

export const rotate = rotateThrough(connectCloud);

/** How a rotation ended, as far as it can be seen from here. */
interface Ending {
  outcome: "rotated" | "failed";
  failure: SecretRecord["failed"];
}

/** Begins a rotation, and follows it to its end. */
export function rotateThrough(connect: Connect): Command {
  return {
    name: "rotate",
    summary: "rotates a secret now, and follows the rotation to its end",
    usage: "rotate SECRET [--environment E] [--ledger TABLE] [--json]",
    options: { ...awsOptions, json: jsonOption },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const [id = ""] = given.positionals;
      const cloud = await connect(given, terminal);
      // Whether the database can be reached from here says nothing: the function stands elsewhere.
      const plan = await planRotation(cloud, id, "nothing");
      refuse(plan);
      explain(plan, terminal);
      const begun = cloud.now();
      const token = Buffer.from(cloud.outside.random(16)).toString("hex");
      const { arn, name } = plan.secret;
      await cloud.outside.secrets.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken: token }));
      terminal.errors.write(`the rotation has begun; the new version is ${token}\n`);
      const { outcome, failure } = await follow(cloud, arn, token);
      const tookSeconds = Math.round((cloud.now() - begun) / second);
      if (given.flags.has("json")) {
        writeJson(terminal, { version: 1, secret: { arn, name }, newVersion: token, outcome, failure, tookSeconds });
      } else terminal.output.write(`${printable(sentence(plan, { outcome, failure }, tookSeconds))}\n`);
      return outcome === "rotated" ? 0 : 1;
    },
  };
}

function refuse({ secret, checks }: Plan): void {
  const problems = checks.flatMap(({ failure }) => failure ?? []).map((each) => `${each.message}; ${each.remedy}`);
  const [first, ...others] = problems;
  if (first !== undefined) throw new Refused(`${secret.name} cannot be rotated: ${first}`, { also: others });
}

function explain({ secret, strategy, steps }: Plan, terminal: Terminal): void {
  const lines = [
    `${secret.name} is rotated by ${strategy?.name ?? "its strategy"}`,
    ...Object.entries(steps ?? {}).map(([step, does]) => `  ${step.padEnd(13)}${does}`),
  ];
  terminal.errors.write(`${lines.map((line) => printable(line)).join("\n")}\n`);
}

/** Secrets Manager begins anew by itself after a failure: the first one is told, because it says what to mend. */
async function follow(cloud: Cloud, arn: string, token: string): Promise<Ending> {
  const begun = cloud.now();
  let wasPending = false;
  for (let looks = 0; looks < maximumLooks; looks++) {
    await cloud.pause(lookMs);
    const { stages } = await describe(cloud.outside.secrets, arn);
    const labels = stages[token] ?? [];
    if (labels.includes("AWSCURRENT")) return { outcome: "rotated", failure: null };
    const record = cloud.ledger === null ? null : await readRecord(cloud.ledger, arn);
    const failure = record?.failed ?? null;
    if (failure !== null && failure.at >= begun - skewMs) return { outcome: "failed", failure };
    const isPending = labels.includes("AWSPENDING");
    // What AWS tells may be older than what it has begun.
    if (!isPending && (wasPending || looks >= unseenLooks)) return { outcome: "failed", failure: null };
    wasPending ||= isPending;
  }
  const minutes = Math.round((maximumLooks * lookMs) / 60_000);
  throw new Unavailable(
    `the rotation is not done after ${minutes} minutes, and nobody has said that it failed; look at the log of rotate-secrets`,
  );
}

const lookMs = 2 * second;
const maximumLooks = 300;
const unseenLooks = 15;
/** The function's clock and ours are not the same. */
const skewMs = 5 * second;

function sentence({ secret, graceHours }: Plan, { outcome, failure }: Ending, tookSeconds: number): string {
  if (outcome === "rotated") {
    return `${secret.name} is rotated, after ${tookSeconds} s; the previous credential works ${graceHours} h longer`;
  }
  if (failure === null) {
    return `${secret.name} is not rotated: the new version was taken back before it became the current one; look at the log of rotate-secrets`;
  }
  const { step, reason, message, remedy } = failure;
  return `${secret.name} is not rotated: ${step} failed (${reason}): ${message}; ${remedy}. The current credential is as it was; Secrets Manager tries again by itself`;
}
