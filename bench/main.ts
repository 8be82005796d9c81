import { parseArguments } from "../cli/arguments.ts";
import { type Command, jsonOption } from "../cli/command.ts";
import { report } from "../cli/ending.ts";
import { type Terminal, writeJson } from "../cli/terminal.ts";
import { Refused } from "../shared/failures.ts";
import { quoted, suggestion } from "../shared/text.ts";
import { benches as all, type Bench } from "./benches.ts";
import type { Measure } from "./measure.ts";
import { measureTable } from "./table.ts";

type Benches = Readonly<Record<string, Bench>>;

/**
 * Measures what is named, or everything, and resolves to the exit code: 0 every goal is reached, 1 one is missed, 2 bad
 * input, 3 it could not be measured. Never rejects.
 */
export async function main(words: readonly string[], terminal: Terminal, benches: Benches = all): Promise<number> {
  const command = commandFor(benches);
  try {
    if (words.includes("--help") || words.includes("-h")) {
      terminal.output.write(help(benches));
      return 0;
    }
    // What reads the arguments would speak of another command.
    if (words.includes("")) benchNamed(benches, "");
    return await command.run(parseArguments(command, words), terminal);
  } catch (error) {
    show(terminal, "");
    return report(error, terminal, "bench");
  }
}

function commandFor(benches: Benches): Command {
  return {
    name: "bench",
    summary: "measures what the project holds itself to",
    usage: "bench [NAME…] [--json]",
    options: { json: jsonOption },
    positionals: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
    async run({ positionals, flags }, terminal) {
      const named = [...new Set(positionals)].map((name) => benchNamed(benches, name));
      const measures: Measure[] = [];
      const leftOut: string[] = [];
      for (const { run } of named.length > 0 ? named : Object.values(benches)) {
        measures.push(
          ...(await run(
            (what) => show(terminal, what),
            (what) => void leftOut.push(what),
          )),
        );
      }
      show(terminal, "");
      if (flags.has("json")) writeJson(terminal, { measures, leftOut });
      else terminal.output.write(measureTable(terminal, measures, leftOut));
      return measures.every(({ reached }) => reached) ? 0 : 1;
    },
  };
}

function benchNamed(benches: Benches, name: string): Bench {
  const found = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(benches);
  throw new Refused(`unknown measure ${quoted(name)}${suggestion(name, known)} (${known.join(", ")})`);
}

/** What is being done at the moment, on a line that is written over; only where a person looks at it. */
function show({ errors }: Terminal, what: string): void {
  if (errors.isTTY === true) errors.write(`\r\u001b[K${what}`);
}

function help(benches: Benches): string {
  const width = Math.max(...Object.keys(benches).map(({ length }) => length));
  const lines = Object.entries(benches).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "Usage: npm run bench -- [NAME…] (npm run -s bench -- --json for machines)",
    "",
    ...lines,
    "",
    "Without a name it measures them all. Exit codes: 0 every goal is reached, 1 one is missed, 2 bad input,",
    "3 it could not be measured",
    "",
  ].join("\n");
}
