import { writeFileSync } from "node:fs";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { Refused } from "../../shared/failures.ts";
import { printable } from "../../shared/text.ts";
import { type ReadRecording, readRecording } from "../backtest-recording.ts";
import { backtestJson, reportOf } from "../backtest-report.ts";
import { backtestSvg } from "../backtest-svg.ts";
import { printBacktest } from "../backtest-tables.ts";
import { type Arguments, type Command, jsonOption, localOption, type Option } from "../command.ts";
import { readCount } from "../knobs.ts";
import { type ConnectScaling, connectScaling } from "../scaling.ts";
import { type Terminal, writeJson } from "../terminal.ts";

const options: Readonly<Record<string, Option>> = {
  metric: {
    type: "string",
    multiple: true,
    value: "NAME=FILE",
    description: "a metric that has a rule, and its rows of timestamp,value; again for each metric of the target",
  },
  target: { type: "string", value: "NAME", description: "a target instead, with what CloudWatch keeps of its metrics" },
  days: { type: "string", value: "N", description: "of a target so far back; 30 unless stated, 455 at most" },
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
};

export const backtest = backtestThrough(connectScaling);

/** What the policy would have done, with files or with what CloudWatch keeps of a target. */
export function backtestThrough(connect: ConnectScaling): Command {
  return {
    name: "backtest",
    summary: "what the scaling policy would have done with recorded metrics",
    usage:
      "backtest --metric NAME=FILE… | --target NAME [--days N] [--capacity FILE] [--minimum N] [--maximum N] [--initial N] [--environment E] [--local FILE] [--svg FILE] [--json]",
    options,
    positionals: { minimum: 0, maximum: 0 },
    async run(given, terminal) {
      const { texts, flags } = given;
      const read = await recordingOf(given, terminal, connect);
      for (const warning of read.warnings) terminal.errors.write(`nightshift: ${warning}\n`);
      const report = reportOf(read);
      if (texts.svg !== undefined) writeSvg(texts.svg, backtestSvg(report));
      if (flags.has("json")) writeJson(terminal, backtestJson(report));
      else printBacktest(terminal, report, texts.svg ?? null);
      return 0;
    },
  };
}

async function recordingOf(given: Arguments, terminal: Terminal, connect: ConnectScaling): Promise<ReadRecording> {
  const { target, days, environment, local } = given.texts;
  if (target === undefined) {
    if (days !== undefined) throw new Refused("--days is about a target: --target NAME --days N");
    const { configuration } = loadConfiguration(environment ?? "production", { localFile: local });
    return await readRecording(given, configuration);
  }
  if (given.lists.metric !== undefined)
    throw new Refused("--metric and --target exclude each other: files, or CloudWatch");
  const { readTarget } = await import("../backtest-target.ts");
  const span = { name: target, days: readCount("--days", days ?? "30", 455) };
  return await readTarget(given, await connect(given, terminal), span);
}

function writeSvg(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = writeFailures[code] ?? (code === "" ? "unknown reason" : code);
    throw new Refused(`--svg ${printable(file)} cannot be written: ${reason}`, { cause: error });
  }
}

const writeFailures: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder; name a file",
  EACCES: "writing there is not permitted",
  EPERM: "writing there is not permitted",
  EROFS: "what is there can only be read",
  ENOSPC: "there is no space left",
};
