import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { printable } from "../../shared/text.ts";
import { type BrokenWorld, type CampaignReport, campaign as run } from "../../simulation/campaign.ts";
import { faultKinds } from "../../simulation/fault-rates.ts";
import { smallestFailing } from "../../simulation/smallest.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { faultWords, readCount, readDays, readFaults, readSeed } from "../knobs.ts";
import { progressBar } from "../progress.ts";
import { table } from "../tables.ts";
import { type Terminal, writeJson } from "../terminal.ts";
import { replayCommand } from "./simulate.ts";

export const campaign: Command = {
  name: "campaign",
  summary: "many simulated worlds on all cores: what was injected, and which promises were kept",
  usage: "campaign --seeds N [--base S] [--days N] [--faults none|usual|harsh] [--local FILE] [--json]",
  options: {
    seeds: { type: "string", value: "N", description: "how many worlds" },
    base: {
      type: "string",
      value: "S",
      description: "what their seeds begin with; random makes one up, campaign unless stated",
    },
    days: { type: "string", value: "N", description: "how many days each of them lasts; 1 unless stated" },
    faults: { type: "string", value: "LEVEL", description: "none, usual or harsh (unless stated)" },
    local: localOption,
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run({ texts, flags }, terminal) {
    const knobs = {
      seeds: readCount("--seeds", texts.seeds, 1_000_000),
      base: texts.base === "random" ? randomBytes(4).toString("hex") : readSeed(texts.base ?? "campaign", "--base", 56),
      days: readDays(texts.days ?? "1"),
      faults: readFaults(texts.faults ?? "harsh"),
    };
    const { configuration } = loadConfiguration("production", { localFile: texts.local });
    const cores = availableParallelism();
    const json = flags.has("json");
    if (!json) terminal.output.write(`${titleOf(knobs, cores)}\n\n`);
    const begun = performance.now();
    const progress = progressBar(terminal, knobs.seeds, "worlds");
    const report = await run({ ...knobs, configuration, cores, progress });
    const seconds = (performance.now() - begun) / 1_000;
    if (!json) print(terminal, report, { ...knobs, seconds });
    const shown: Shown[] = [];
    for (const world of firstOfEach(report.broken)) {
      const smallest = await smallestFailing({ ...knobs, configuration, seed: world.seed });
      const only = { stories: new Set(smallest.stories), faults: new Set(smallest.faults) };
      const found = { ...world, ...smallest, replay: replayCommand({ ...knobs, seed: world.seed }, only, texts.local) };
      shown.push(found);
      if (!json) printSmallest(terminal, found);
    }
    if (json) writeJson(terminal, { ...knobs, cores, seconds, ...report, smallest: shown });
    return report.broken.length === 0 ? 0 : 1;
  },
};

interface Knobs {
  seeds: number;
  base: string;
  days: number;
  faults: Parameters<typeof replayCommand>[0]["faults"];
}

interface Shown extends BrokenWorld {
  stories: string[];
  faults: string[];
  tried: number;
  replay: string;
}

/** Of the worlds that break the same promise first, one is made small; at most so many. */
function firstOfEach(broken: readonly BrokenWorld[]): BrokenWorld[] {
  const seen = new Set<string>();
  const firsts = broken.filter(({ promises: [first] }) => {
    if (first === undefined || seen.has(first.name)) return false;
    seen.add(first.name);
    return true;
  });
  return firsts.slice(0, maximumShown);
}

const maximumShown = 5;

function titleOf({ seeds, base, days, faults }: Knobs, cores: number): string {
  const worlds = seeds === 1 ? "one world" : `${amount(seeds)} worlds`;
  const length = days === 1 ? "one day" : `${days} days`;
  return `${worlds} of ${length} each, faults ${faults}, seeds ${base}-1 to ${base}-${seeds}, on ${cores} cores`;
}

function print(terminal: Terminal, report: CampaignReport, knobs: Knobs & { seconds: number }): void {
  const { output } = terminal;
  const faults = faultKinds.map((kind) => {
    const { injected, survived } = report.faults[kind];
    return [faultWords(kind), amount(injected), amount(survived)];
  });
  output.write(`${table(terminal, ["fault", "injected", "survived"], faults)}\n\n`);
  const latencies = report.latencies.map(({ name, worstMs, seed }) =>
    worstMs === 0 ? [name, "none", ""] : [name, `${worstMs / 1_000} s`, seed],
  );
  output.write(`${table(terminal, ["latency", "worst of all", "seed"], latencies)}\n\n`);
  for (const world of report.broken.slice(0, maximumListed)) {
    for (const { name, sentence } of world.promises) {
      output.write(`BROKEN ${name} (${world.seed}): ${printable(sentence, 300)}\n`);
    }
  }
  const more = report.broken.length - maximumListed;
  if (more > 0) output.write(`… and ${more} more worlds; --json lists them all\n`);
  const rate = Math.round((knobs.seeds * knobs.days) / knobs.seconds);
  output.write(`${amount(report.kept)} of ${amount(knobs.seeds)} worlds kept every promise, ${rate} days a second\n`);
}

function printSmallest({ output }: Terminal, { promises, stories, faults, tried, replay }: Shown): void {
  const [happenings, injected] = [stories.length, faults.length];
  const size = `${happenings} ${happenings === 1 ? "story" : "stories"} and ${injected} ${injected === 1 ? "fault" : "faults"}`;
  output.write(`\n${promises[0]?.name}: the smallest of ${tried} worlds tried has ${size}\n${replay}\n`);
}

const maximumListed = 20;

function amount(count: number): string {
  return count.toLocaleString("en");
}
