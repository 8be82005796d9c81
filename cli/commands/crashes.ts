import { loadConfiguration } from "../../shared/configuration/files.ts";
import { operations } from "../../shared/operations.ts";
import { printable } from "../../shared/text.ts";
import { crashMatrix, type Death } from "../../simulation/crash-matrix.ts";
import { scalingStories } from "../../simulation/scaling/crashes.ts";
import { stories } from "../../simulation/stories.ts";
import { type Command, jsonOption } from "../command.ts";
import { readKnown } from "../knobs.ts";
import { progressBar } from "../progress.ts";
import { table } from "../tables.ts";
import { type Terminal, writeJson } from "../terminal.ts";

export const crashes: Command = {
  name: "crashes",
  summary: "each function is killed before and after each of its calls, and what follows is as if nobody had died",
  usage: "crashes [--stories S] [--json]",
  options: {
    stories: { type: "string", value: "S", description: "only the calls of these stories, for example outage,storm" },
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run({ texts, flags }, terminal) {
    const named = readKnown("--stories", texts.stories, [...Object.keys(stories), ...Object.keys(scalingStories)]);
    const { configuration } = loadConfiguration("production", {});
    let bar: ((done: number) => void) | null = null;
    const progress = (done: number, of: number) => {
      bar ??= progressBar(terminal, of, "deaths");
      bar(done);
    };
    const deaths = await crashMatrix({ configuration, stories: named, progress });
    if (flags.has("json"))
      writeJson(terminal, { deaths: deaths.map(jsonOf), healed: healed(deaths), of: deaths.length });
    else print(terminal, deaths);
    return healed(deaths) === deaths.length ? 0 : 1;
  },
};

function healed(deaths: readonly Death[]): number {
  return deaths.filter(({ differences }) => differences.length === 0).length;
}

function jsonOf({ story, telling, call, after, differences }: Death): object {
  return {
    operation: call.operation,
    story,
    telling,
    call: call.name,
    path: call.path,
    side: after ? "after" : "before",
    differences,
  };
}

function print(terminal: Terminal, deaths: readonly Death[]): void {
  const { output } = terminal;
  const rows = operations.flatMap(({ name }) => {
    const own = deaths.filter(({ call }) => call.operation === name);
    const calls = [...new Set(own.map(({ call }) => call.name))];
    return calls.map((call) => {
      const here = own.filter((death) => death.call.name === call);
      return [name, call, ofAll(here.filter(({ after }) => !after)), ofAll(here.filter(({ after }) => after))];
    });
  });
  output.write(`${table(terminal, ["function", "call", "killed before it", "killed after it"], rows)}\n\n`);
  for (const { story, telling, call, after, differences } of deaths.filter((death) => death.differences.length > 0)) {
    const what = `${story} (${telling}), ${after ? "after" : "before"} ${call.path}: ${differences.slice(0, 3).join("; ")}`;
    output.write(`NOT HEALED ${printable(what, 600)}\n`);
  }
  output.write(`${ofAll(deaths)} deaths were healed by the next invocation\n`);
  const failing = new Set(deaths.filter(({ differences }) => differences.length > 0).map(({ story }) => story));
  if (failing.size > 0) output.write(`npm run simulate:crashes -- --stories ${[...failing].join(",")}\n`);
}

function ofAll(deaths: readonly Death[]): string {
  return `${healed(deaths)} of ${deaths.length}`;
}
