import type { Terminal } from "./terminal.ts";

export interface Option {
  type: "string" | "boolean";
  short?: string;
  /** What stands for its value in the help, for example FILE. */
  value?: string;
  /** It may be given again, each time with another value. */
  multiple?: boolean;
  description: string;
}

/** What was given on the command line, already held against the command's options. */
export interface Arguments {
  positionals: readonly string[];
  /** The options that take a value. */
  texts: Readonly<Record<string, string>>;
  /** The options that take one value after another, in the order in which they were given. */
  lists: Readonly<Record<string, readonly string[]>>;
  /** The options that are set or not. */
  flags: ReadonlySet<string>;
}

export interface Command {
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  /** The line after `nightshift`, for example `configuration ENVIRONMENT [--local FILE]`. */
  usage: string;
  options: Readonly<Record<string, Option>>;
  /** How many words may follow the command. */
  positionals: { minimum: number; maximum: number };
  /** Resolves to the exit code: 0 fine, 1 it worked and found something. Throws a failure for all else. */
  run(given: Arguments, terminal: Terminal): Promise<number>;
}

export const jsonOption: Option = { type: "boolean", description: "one JSON document on standard output" };
export const localOption: Option = {
  type: "string",
  value: "FILE",
  description: "your own configuration, laid on top",
};
