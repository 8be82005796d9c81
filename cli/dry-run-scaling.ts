import type { Report } from "../functions/evaluate-scaling/run.ts";
import { Refused } from "../shared/failures.ts";
import { printable, quoted, suggestion } from "../shared/text.ts";
import type { Arguments } from "./command.ts";
import type { ConnectScaling, ScalingCloud } from "./scaling.ts";
import { type Terminal, writeJson } from "./terminal.ts";

/** What evaluate-scaling would find and do now. Resolves to the exit code. */
export async function dryRunScaling(given: Arguments, terminal: Terminal, connect: ConnectScaling): Promise<number> {
  const { texts, flags } = given;
  const cloud = await connect(given, terminal);
  if (cloud.decisions === null) {
    const why = "no table of decisions is named (--decisions TABLE, or NIGHTSHIFT_DECISIONS_TABLE)";
    terminal.errors.write(`warning: ${why}: cooldowns are not known\n`);
  }
  const report = await inspect(cloud, texts.explain ?? null);
  for (const gap of report.gaps) terminal.errors.write(`warning: ${printable(gap)}\n`);
  const { scalingCsv, scalingJson, scalingTable } = await import("./scaling-report.ts");
  if (texts.explain !== undefined) writeJson(terminal, report.targets[0]?.record);
  else if (flags.has("json")) writeJson(terminal, scalingJson(report, cloud));
  else terminal.output.write(flags.has("csv") ? scalingCsv(report) : scalingTable(report, cloud, terminal));
  return exitCode(report);
}

async function inspect(cloud: ScalingCloud, only: string | null): Promise<Report> {
  const { report } = await import("../functions/evaluate-scaling/run.ts");
  const { observers, configuration, ledger, decisions, now } = cloud;
  const found = await report({ observers, configuration, ledger, decisions, at: now(), only, ask: "all" });
  return only === null ? found : known(found, only);
}

/** Throws `Refused` where there is no target of this name. */
export function known(report: Report, name: string): Report {
  if (report.names.includes(name)) return report;
  const near = report.names.length === 0 ? "; there are no targets" : suggestion(name, report.names);
  throw new Refused(`no target is named ${quoted(name)}${near}`);
}

/** What is wrong with a target is found; what could not be looked at is not fine. */
function exitCode({ targets, gaps }: Report): number {
  const isWrong = targets.some(
    ({ seen, record }) => seen?.gone || seen?.foreign || record.decision.reason === "maximum",
  );
  if (isWrong) return 1;
  return gaps.length > 0 || targets.some(({ failure }) => failure !== null) ? 3 : 0;
}
