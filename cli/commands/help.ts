import type { Command } from "../command.ts";
import { commandNamed, commands } from "../commands.ts";

export const help: Command = {
  name: "help",
  summary: "what there is to say of a command",
  usage: "help [COMMAND]",
  options: {},
  positionals: { minimum: 0, maximum: 1 },
  async run({ positionals: [name] }, terminal) {
    terminal.output.write(name === undefined ? await generalHelp() : commandHelp(await commandNamed(name)));
    return 0;
  },
};

/** All commands with their summaries. */
export async function generalHelp(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...loaded.map(({ name }) => name.length));
  return [
    "nightshift: the operations shift that runs itself on AWS",
    "",
    "Usage: npm run nightshift -- COMMAND (npm run -s nightshift -- COMMAND --json for machines)",
    "",
    ...loaded.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "nightshift COMMAND --help tells its options.",
    "Exit codes: 0 fine, 1 it worked and found something, 2 bad input, 3 could not run",
    "",
  ].join("\n");
}

/** One command with its options. */
export function commandHelp({ usage, summary, options }: Command): string {
  const rows = Object.entries(options).map(([name, { short, value, description }]) => ({
    left: `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
    description,
  }));
  const width = Math.max(0, ...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, description }) => `  ${left.padEnd(width)}  ${description}`);
  return [`Usage: nightshift ${usage}`, "", summary, ...(lines.length > 0 ? ["", ...lines] : []), ""].join("\n");
}
