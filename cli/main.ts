import packageFile from "../package.json" with { type: "json" };
import { parseArguments } from "./arguments.ts";
import { commandHelp, generalHelp } from "./commands/help.ts";
import { commandNamed } from "./commands.ts";
import { report } from "./ending.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command and resolves to the exit code: 0 fine, 1 found something, 2 bad input, 3 could not run. Never rejects. */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    return report(error, terminal);
  }
}

async function dispatch([name, ...words]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined) {
    terminal.errors.write(await generalHelp());
    return 2;
  }
  if (name === "--help" || name === "-h") {
    terminal.output.write(await generalHelp());
    return 0;
  }
  if (name === "--version") {
    terminal.output.write(`${packageFile.version}\n`);
    return 0;
  }
  const command = await commandNamed(name);
  if (asksForHelp(words)) {
    terminal.output.write(commandHelp(command));
    return 0;
  }
  return await command.run(parseArguments(command, words), terminal);
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const options = end === -1 ? words : words.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}
