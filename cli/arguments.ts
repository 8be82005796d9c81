import { parseArgs } from "node:util";
import { Refused } from "../shared/failures.ts";
import { quoted, suggestion } from "../shared/text.ts";
import type { Arguments, Command, Option } from "./command.ts";

/** Holds the words after a command against its options. Throws `Refused` with one line for the first that does not fit. */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  // The parser's own strictness has no nearest name and speaks in several sentences; its tokens are held to the same rules here.
  const { tokens } = parseArgs({
    args: [...words],
    options: command.options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const texts: Record<string, string> = {};
  const lists: Record<string, string[]> = {};
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      positionals.push(token.value);
      continue;
    }
    const option = optionNamed(command, token.name, token.rawName);
    if (flags.has(token.name) || Object.hasOwn(texts, token.name)) throw new Refused(`--${token.name} is given twice`);
    if (option.multiple) lists[token.name] = [...(lists[token.name] ?? []), valueOfOption(option, token)];
    else if (option.type === "string") texts[token.name] = valueOfOption(option, token);
    else if (token.value !== undefined) throw new Refused(`--${token.name} takes no value`);
    else flags.add(token.name);
  }
  requirePositionals(command, positionals);
  return { positionals, texts, lists, flags };
}

interface OptionToken {
  name: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function valueOfOption(option: Option, { name, value, inlineValue }: OptionToken): string {
  const isAnotherOption = inlineValue === false && value !== undefined && value.length > 1 && value.startsWith("-");
  if (value === undefined || value === "" || isAnotherOption) {
    throw new Refused(`--${name} needs a value: --${name} ${option.value ?? "VALUE"}`);
  }
  return value;
}

function optionNamed(command: Command, name: string, rawName: string): Option {
  const known = Object.keys(command.options);
  const option = known.includes(name) ? command.options[name] : undefined;
  if (option !== undefined) return option;
  const names = known.map((each) => `--${each}`);
  throw new Refused(`unknown option ${quoted(rawName)} of ${command.name}${suggestion(rawName, [...names, "--help"])}`);
}

function requirePositionals(command: Command, positionals: readonly string[]): void {
  const { minimum, maximum } = command.positionals;
  const surplus = positionals[maximum];
  if (surplus !== undefined) throw new Refused(`${quoted(surplus)} is too much; usage: nightshift ${command.usage}`);
  if (positionals.length < minimum) throw new Refused(`something is missing; usage: nightshift ${command.usage}`);
  if (positionals.includes("")) throw new Refused(`an argument is empty; usage: nightshift ${command.usage}`);
}
