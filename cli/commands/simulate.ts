import { loadConfiguration } from "../../shared/configuration/files.ts";
import { Refused } from "../../shared/failures.ts";
import { printable, quoted, suggestion } from "../../shared/text.ts";
import { type DaysReport, simulateDays } from "../../simulation/days.ts";
import { type FaultLevel, faultKinds, faultLevels, faultRates } from "../../simulation/fault-rates.ts";
import { incidentJson, notificationsJson, storiesOf } from "../../simulation/report.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { progressBar } from "../progress.ts";
import { incidentTable, notificationTable, promiseTable } from "../tables.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const simulate: Command = {
  name: "simulate",
  summary: "days of an example estate pass through the real functions, in virtual time",
  usage: "simulate [--days N] [--seed S] [--faults none|usual|harsh] [--local FILE] [--json]",
  options: {
    days: { type: "string", value: "N", description: "how many days, 1 to 3650; 30 unless stated" },
    seed: { type: "string", value: "S", description: "the same seed gives the same days; nightshift unless stated" },
    faults: { type: "string", value: "LEVEL", description: "none, usual (unless stated) or harsh" },
    local: localOption,
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run({ texts, flags }, terminal) {
    const days = readDays(texts.days ?? "30");
    const seed = readSeed(texts.seed ?? "nightshift");
    const faults = readFaults(texts.faults ?? "usual");
    const { configuration } = loadConfiguration("production", { localFile: texts.local });
    const json = flags.has("json");
    const again = ["simulate", `--days ${days}`, `--seed ${seed}`, `--faults ${faults}`];
    if (texts.local !== undefined) again.push(`--local ${printable(texts.local)}`);
    if (!json) announce(terminal, { days, seed, faults });
    const progress = progressBar(terminal, days, "simulated days");
    const report = await simulateDays({ configuration, seed, days, faults, progress });
    const broken = report.promises.filter((promise) => promise.broken.length > 0);
    if (json) writeJson(terminal, jsonOf(report, { days, seed, faults }));
    else print(terminal, report);
    if (broken.length === 0) return 0;
    terminal.errors.write("a promise was broken; this shows it again:\n");
    terminal.errors.write(`npm run nightshift -- ${again.join(" ")}\n`);
    return 1;
  },
};

interface Knobs {
  days: number;
  seed: string;
  faults: FaultLevel;
}

/** The seed and what is done to the functions come first: whatever happens after that can be shown again. */
function announce(terminal: Terminal, { days, seed, faults }: Knobs): void {
  const rates = faultRates[faults];
  const stated = faultKinds.filter((kind) => rates[kind] > 0).map((kind) => `${words(kind)} ${percent(rates[kind])}`);
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
  const injected = faultKinds.filter((kind) => faults[kind] > 0).map((kind) => `${faults[kind]} ${words(kind)}`);
  if (injected.length > 0) output.write(`\nsurvived: ${injected.join(", ")}\n`);
  for (const { name, broken } of promises) {
    for (const each of broken.slice(0, 5)) output.write(`BROKEN ${name}: ${printable(each, 300)}\n`);
  }
  output.write(title("Where to look next"));
  output.write(`  npm run nightshift -- simulate --days 2 --seed another --faults harsh   the same in worse weather
  npm run nightshift -- replay FILE                                       what your own alarms would have done
  npm run nightshift -- configuration production                          the policy behind all this
  README.md                                                               how to deploy it\n`);
}

function jsonOf({ world, promises, faults, trace }: DaysReport, knobs: Knobs): object {
  return {
    ...knobs,
    trace,
    injected: faults,
    promises: promises.map(({ name, figure, broken }) => ({ name, figure, kept: broken.length === 0, broken })),
    incidents: storiesOf(world).map(incidentJson),
    notifications: notificationsJson(world.collected.notifications),
  };
}

function readDays(text: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 3_650) return days;
  throw new Refused(`--days ${quoted(text)} must be a whole number from 1 to 3650`);
}

/** It is printed in a command that a person runs again. */
function readSeed(text: string): string {
  if (/^[\w.:-]{1,64}$/.test(text)) return text;
  throw new Refused(`--seed ${quoted(text)} must be letters, digits, dots, colons, hyphens or underscores; 64 at most`);
}

function readFaults(text: string): FaultLevel {
  const found = faultLevels.find((level) => level === text);
  if (found !== undefined) return found;
  throw new Refused(`--faults ${quoted(text)} is unknown${suggestion(text, faultLevels)} (${faultLevels.join(", ")})`);
}

function words(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function percent(rate: number): string {
  return `${Math.round(rate * 1_000) / 10} %`;
}
