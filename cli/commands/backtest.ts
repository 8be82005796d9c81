import { writeFileSync } from "node:fs";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { Refused, reasonOf } from "../../shared/failures.ts";
import { printable } from "../../shared/text.ts";
import { readRecording } from "../backtest-recording.ts";
import { backtestJson, reportOf } from "../backtest-report.ts";
import { backtestSvg } from "../backtest-svg.ts";
import { printBacktest } from "../backtest-tables.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { writeJson } from "../terminal.ts";

export const backtest: Command = {
  name: "backtest",
  summary: "what the scaling policy would have done with recorded metrics",
  usage:
    "backtest --metric NAME=FILE [--metric NAME=FILE…] [--capacity FILE] [--minimum N] [--maximum N] [--initial N] [--environment E] [--local FILE] [--svg FILE] [--json]",
  options: {
    metric: {
      type: "string",
      multiple: true,
      value: "NAME=FILE",
      description: "a metric that has a rule, and its rows of timestamp,value; again for each metric of the target",
    },
    capacity: {
      type: "string",
      value: "FILE",
      description: "the capacity that there was, so that the metrics answer to another one",
    },
    minimum: { type: "string", value: "N", description: "the least capacity; the policy's unless stated" },
    maximum: {
      type: "string",
      value: "N",
      description: "the most; without --capacity ten times the initial unless stated",
    },
    initial: {
      type: "string",
      value: "N",
      description: "what it starts with; the recorded capacity, else twice the minimum, unless stated",
    },
    environment: { type: "string", value: "E", description: "whose policy; production unless stated" },
    local: localOption,
    svg: { type: "string", value: "FILE", description: "draws the metrics, thresholds, decisions and holds" },
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run(given, terminal) {
    const { configuration } = loadConfiguration(given.texts.environment ?? "production", {
      localFile: given.texts.local,
    });
    const read = await readRecording(given, configuration);
    for (const warning of read.warnings) terminal.errors.write(`nightshift: ${warning}\n`);
    const report = reportOf(read, configuration);
    if (given.texts.svg !== undefined) writeSvg(given.texts.svg, backtestSvg(report));
    if (given.flags.has("json")) writeJson(terminal, backtestJson(report));
    else printBacktest(terminal, report, given.texts.svg ?? null);
    return 0;
  },
};

function writeSvg(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new Refused(`--svg ${printable(file)} cannot be written: ${reasonOf(error)}`, { cause: error });
  }
}
