import { Refused } from "../../shared/failures.ts";
import { day, iso } from "../../shared/instant.ts";
import type { Savings } from "../../shared/scaling/savings.ts";
import { printable } from "../../shared/text.ts";
import { type Command, jsonOption } from "../command.ts";
import { readCount } from "../knobs.ts";
import { type ConnectScaling, connectScaling, type ScalingCloud, scalingOptions, targetNamed } from "../scaling.ts";
import { writeJson } from "../terminal.ts";

export const savings = savingsThrough(connectScaling);

/** What scaling in has saved, in hours and in money. */
export function savingsThrough(connect: ConnectScaling): Command {
  return {
    name: "savings",
    summary: "what a target's scale-ins have saved, in hours of capacity and in money",
    usage: "savings TARGET [--days N] [--environment E] [--decisions TABLE] [--local FILE] [--json]",
    options: {
      days: { type: "string", value: "N", description: "how far back; 30 unless stated, 400 at most" },
      ...scalingOptions,
      json: jsonOption,
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const [name = ""] = given.positionals;
      const days = readCount("--days", given.texts.days ?? "30", 400);
      const cloud = await connect(given, terminal);
      const target = await targetNamed(cloud, name);
      const saved = await sum(cloud, name, days, target.mode === "act");
      const { currency } = cloud.configuration.scaling.price;
      const money = target.hourPrice === null ? null : saved.hours * target.hourPrice;
      const since = saved.since === null ? null : iso(saved.since);
      if (given.flags.has("json")) {
        writeJson(terminal, { target: name, mode: target.mode, days, ...saved, since, money, currency });
      } else terminal.output.write(textOf({ ...saved, name, days, acts: target.mode === "act", money, currency }));
      return 0;
    },
  };
}

async function sum({ decisions, now }: ScalingCloud, name: string, days: number, acts: boolean): Promise<Savings> {
  if (decisions === null) {
    throw new Refused("no table of decisions is named: --decisions TABLE (the stack's output DecisionsTable)");
  }
  const { decisionsBetween } = await import("../../shared/scaling/decisions.ts");
  const { sumSavings } = await import("../../shared/scaling/savings.ts");
  const summed = sumSavings(acts);
  const end = now();
  for await (const page of decisionsBetween(decisions, name, end - days * day, end)) page.forEach(summed.add);
  return summed.until(end);
}

interface Told extends Savings {
  name: string;
  days: number;
  acts: boolean;
  money: number | null;
  currency: string;
}

function textOf({ name, days, acts, hours, scaleIns, since, money, currency }: Told): string {
  const about = printable(name);
  if (since === null) return `${about}: no decision of the last ${days} days is kept\n`;
  const rounded = (amount: number) => String(Math.round(amount * 100) / 100);
  const price =
    money === null
      ? `; state scaling.targets.${about}.hourPrice to see it in money`
      : `, which is ${rounded(money)} ${currency}`;
  const verb = acts ? "saved" : "would have saved, had they been acted on,";
  return `${about}, last ${days} days: ${scaleIns} scale-ins ${verb} ${rounded(hours)} hours of capacity${price} (decisions since ${since === null ? "never" : iso(since).slice(0, 16).replace("T", " ")})\n`;
}
