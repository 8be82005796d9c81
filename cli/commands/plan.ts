import { Refused } from "../../shared/failures.ts";
import { printable, quoted, suggestion } from "../../shared/text.ts";
import type { Connect } from "../aws.ts";
import { type Command, jsonOption } from "../command.ts";
import { awsOptions, connectCloud } from "../connection.ts";
import { type Plan, planRotation } from "../rotation-plan.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const plan = planThrough(connectCloud);

/** What would be done, and what would stop it, without doing any of it. */
export function planThrough(connect: Connect): Command {
  return {
    name: "plan",
    summary: "what a rotation would do with a secret, and what would stop it; changes nothing",
    usage: "plan rotation SECRET [--environment E] [--ledger TABLE] [--json]",
    options: { ...awsOptions, json: jsonOption },
    positionals: { minimum: 2, maximum: 2 },
    async run(given, terminal) {
      const [subject = "", id = ""] = given.positionals;
      if (subject !== "rotation") {
        throw new Refused(`there is no plan of ${quoted(subject)}${suggestion(subject, ["rotation"])}`);
      }
      const cloud = await connect(given, terminal);
      const found = await planRotation(cloud, id, "logins");
      if (given.flags.has("json")) writeJson(terminal, jsonOf(found));
      else terminal.output.write(textOf(found, terminal));
      return found.checks.some(({ failure }) => failure !== null) ? 1 : 0;
    },
  };
}

function jsonOf({ secret, kind, intervalDays, graceHours, strategy, steps, checks }: Plan) {
  const named = strategy && { name: strategy.name, summary: strategy.summary, cost: strategy.cost };
  return {
    ...{ version: 1, secret: { arn: secret.arn, name: secret.name }, kind, intervalDays, graceHours },
    ...{ strategy: named, steps, lookedFrom: "this machine", checks },
    wouldFail: checks.some(({ failure }) => failure !== null),
  };
}

function textOf(plan: Plan, terminal: Terminal): string {
  const { secret, strategy, steps, checks } = plan;
  const lines = [
    `${secret.name}  ${secret.arn}`,
    `  kind      ${policyOf(plan)}`,
    `  strategy  ${strategy === null ? "unknown" : `${strategy.name}: ${strategy.summary}`}`,
    ...(strategy === null ? [] : [`  cost      ${strategy.cost ?? "nobody loses a login"}`]),
    ...(steps === null
      ? []
      : ["what would be done", ...Object.entries(steps).map(([step, does]) => `  ${step.padEnd(13)}${does}`)]),
    "what was looked at, from this machine",
  ].map((line) => printable(line));
  for (const { what, seen, failure, isUnknown = false } of checks) {
    const [colour, text] = failure !== null ? failing : isUnknown ? unknown : fine;
    const word = coloured(terminal, terminal.output, colour, text);
    lines.push(`  ${word}  ${printable(`${what.padEnd(15)}${seen}`)}`);
    if (failure !== null) lines.push(`        ${printable(`${"".padEnd(15)}${remedyOf(seen, failure)}`)}`);
  }
  return `${lines.join("\n")}\n`;
}

function policyOf({ kind, isKnown, intervalDays, graceHours }: Plan): string {
  if (kind === null) return "none";
  if (!isKnown) return `${kind}: no kind of the configuration`;
  const age = intervalDays === null ? "before its value ends" : `every ${intervalDays} days`;
  return `${kind}: ${age}; the previous credential works ${graceHours} h longer`;
}

const fine = ["green", "ok  "] as const;
const unknown = ["yellow", "?   "] as const;
const failing = ["red", "FAIL"] as const;

function remedyOf(
  seen: string,
  { failed, message, remedy }: { failed: string; message: string; remedy: string },
): string {
  return seen === message ? `${failed}: ${remedy}` : `${failed}: ${message}; ${remedy}`;
}
