import { loadConfiguration } from "../../shared/configuration/files.ts";
import { printable } from "../../shared/text.ts";
import { type DaysReport, type Only, simulateDays } from "../../simulation/days.ts";
import { type FaultLevel, faultKinds, faultRates } from "../../simulation/fault-rates.ts";
import { incidentJson, notificationsJson, storiesOf } from "../../simulation/report.ts";
import { stories } from "../../simulation/stories.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { faultWords, readDays, readFaults, readNames, readSeed } from "../knobs.ts";
import { progressBar } from "../progress.ts";
import { incidentTable, notificationTable, promiseTable } from "../tables.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const simulate: Command = {
  name: "simulate",
  summary: "days of an example estate pass through the real functions, in virtual time",
  usage:
    "simulate [--days N] [--seed S] [--faults none|usual|harsh] [--stories S] [--only-faults F] [--local FILE] [--json]",
  options: {
    days: { type: "string", value: "N", description: "how many days, 1 to 3650; 30 unless stated" },
    seed: { type: "string", value: "S", description: "the same seed gives the same days; nightshift unless stated" },
    faults: { type: "string", value: "LEVEL", description: "none, usual (unless stated) or harsh" },
    stories: {
      type: "string",
      value: "S",
      description: "of what would happen only this, for example outage:1,storm:2",
    },
    "only-faults": {
      type: "string",
      value: "F",
      description: "of the faults only these, for example crash:12; or none",
    },
    local: localOption,
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run({ texts, flags }, terminal) {
    const days = readDays(texts.days ?? "30");
    const seed = readSeed(texts.seed ?? "nightshift");
    const faults = readFaults(texts.faults ?? "usual");
    const only = {
      stories: readNames("--stories", texts.stories, [...Object.keys(stories), "secrets", "scaling"]),
      faults: readNames("--only-faults", texts["only-faults"], faultKinds),
    };
    const { configuration } = loadConfiguration("production", { localFile: texts.local });
    const json = flags.has("json");
    if (!json) announce(terminal, { days, seed, faults });
    const progress = progressBar(terminal, days, "simulated days");
    const report = await simulateDays({ configuration, seed, days, faults, only, progress });
    const broken = report.promises.filter((promise) => promise.broken.length > 0);
    if (json) writeJson(terminal, jsonOf(report, { days, seed, faults }));
    else print(terminal, report);
    if (broken.length === 0) return 0;
    terminal.errors.write("a promise was broken; this shows it again:\n");
    terminal.errors.write(`${replayCommand({ days, seed, faults }, only, texts.local)}\n`);
    return 1;
  },
};

interface Knobs {
  days: number;
  seed: string;
  faults: FaultLevel;
}

/** What a person types to see a world again. */
export function replayCommand({ days, seed, faults }: Knobs, only: Only, local: string | undefined): string {
  const words = [`--days ${days}`, `--seed ${seed}`, `--faults ${faults}`];
  if (only.stories !== null) words.push(`--stories ${[...only.stories].join(",") || "none"}`);
  if (only.faults !== null) words.push(`--only-faults ${[...only.faults].join(",") || "none"}`);
  if (local !== undefined) words.push(`--local ${printable(local)}`);
  return `npm run nightshift -- simulate ${words.join(" ")}`;
}

/** The seed and what is done to the functions come first: whatever happens after that can be shown again. */
function announce(terminal: Terminal, { days, seed, faults }: Knobs): void {
  const rates = faultRates[faults];
  const stated = faultKinds
    .filter((kind) => rates[kind] > 0)
    .map((kind) => `${faultWords(kind)} ${percent(rates[kind])}`);
  terminal.output.write(`seed ${seed}, ${days} ${days === 1 ? "day" : "days"}\n`);
  terminal.output.write(`faults ${faults}${stated.length === 0 ? "" : `: ${stated.join(", ")}`}\n\n`);
}

function print(terminal: Terminal, { world, promises, faults }: DaysReport): void {
  const title = (text: string) => `\n${coloured(terminal, terminal.output, "bold", text)}\n`;
  const { output } = terminal;
  output.write(title("Incidents"));
  output.write(incidentTable(terminal, storiesOf(world)));
  output.write(title("Who was told what, and when"));
  output.write(notificationTable(terminal, world.collected.notifications));
  output.write(title("Promises"));
  output.write(promiseTable(terminal, promises));
  const injected = faultKinds.filter((kind) => faults[kind] > 0).map((kind) => `${faults[kind]} ${faultWords(kind)}`);
  const word = promises.every(({ broken }) => broken.length === 0) ? "survived" : "injected";
  if (injected.length > 0) output.write(`\n${word}: ${injected.join(", ")}\n`);
  for (const { name, broken } of promises) {
    for (const each of broken.slice(0, 5)) output.write(`BROKEN ${name}: ${printable(each, 300)}\n`);
  }
  output.write(title("Where to look next"));
  output.write(`  npm run nightshift -- simulate --days 2 --seed another --faults harsh   the same in worse weather
  npm run nightshift -- replay FILE                                       what your own alarms would have done
  npm run nightshift -- configuration production                          the policy behind all this
  README.md                                                               how to deploy it\n`);
}

function jsonOf({ world, promises, faults, injected, stories: told, trace }: DaysReport, knobs: Knobs): object {
  return {
    ...knobs,
    trace,
    injected: faults,
    faultsInjected: injected,
    stories: told,
    promises: promises.map(({ name, figure, broken }) => ({ name, figure, kept: broken.length === 0, broken })),
    incidents: storiesOf(world).map(incidentJson),
    notifications: notificationsJson(world.collected.notifications),
  };
}

function percent(rate: number): string {
  return `${Math.round(rate * 1_000) / 10} %`;
}
