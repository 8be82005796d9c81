import { Refused } from "../../shared/failures.ts";
import { printable } from "../../shared/text.ts";
import { type Command, jsonOption } from "../command.ts";
import { known } from "../dry-run-scaling.ts";
import { type ConnectScaling, connectScaling, type ScalingCloud, scalingOptions } from "../scaling.ts";
import { type Terminal, writeJson } from "../terminal.ts";
import { readTime } from "../times.ts";
import { whyText } from "../why-text.ts";

export const why = whyThrough(connectScaling);

/** Why a target was scaled at a time, or was not. */
export function whyThrough(connect: ConnectScaling): Command {
  return {
    name: "why",
    summary: "why a target was scaled at a time, or was not",
    usage: "why TARGET --at TIME [--environment E] [--decisions TABLE] [--local FILE] [--json]",
    options: {
      at: { type: "string", value: "TIME", description: "14:05 (the last one, UTC) or 2027-03-15T14:05Z" },
      ...scalingOptions,
      json: jsonOption,
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const [name = ""] = given.positionals;
      const { at: asked } = given.texts;
      if (asked === undefined) throw new Refused("when? --at TIME, for example --at 14:05");
      // What is no time at all is said before anybody is asked.
      readTime("--at", asked, Date.UTC(9999, 0));
      const cloud = await connect(given, terminal);
      const at = readTime("--at", asked, cloud.now());
      const answer = (await written(cloud, name, at)) ?? (await recomputed(cloud, name, at, terminal));
      if (given.flags.has("json")) writeJson(terminal, { target: name, ...answer });
      else terminal.output.write(whyText(name, answer.record, at, answer.source, terminal));
      return 0;
    },
  };
}

async function written({ decisions }: ScalingCloud, name: string, at: number) {
  if (decisions === null) return null;
  const { decisionAt } = await import("../../shared/scaling/decisions.ts");
  const record = await decisionAt(decisions, name, at);
  return record === null ? null : { source: "decisions", record };
}

/** Where no decision is kept, from what CloudWatch still has: without the capacity and the cooldowns of that time. */
async function recomputed(cloud: ScalingCloud, name: string, at: number, terminal: Terminal) {
  const { report } = await import("../../functions/evaluate-scaling/run.ts");
  const { observers, configuration } = cloud;
  const found = await report({ observers, configuration, ledger: null, decisions: null, at, only: name, ask: "none" });
  const [looked] = known(found, name).targets;
  if (looked === undefined) throw new Refused(`no target is named ${printable(name)}`);
  const reason = cloud.decisions === null ? "no table of decisions is named" : "no decision of that time is kept";
  terminal.errors.write(
    `${reason}: recomputed from CloudWatch, without the capacity, the deployments and the cooldowns of that time\n`,
  );
  return { source: "CloudWatch", record: looked.record };
}
