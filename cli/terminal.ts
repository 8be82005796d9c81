import { styleText } from "node:util";
import { printableJson } from "../shared/text.ts";

export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** What a command may touch of the process that it runs in. */
export interface Terminal {
  /** Results, and nothing else. */
  output: Output;
  /** Progress, warnings and errors. */
  errors: Output;
  input: NodeJS.ReadableStream;
  variables: Readonly<Record<string, string | undefined>>;
}

export type Format = Parameters<typeof styleText>[0];

/** The text in colour where a person looks at it on a screen that shows colours (https://no-color.org is respected). */
export function coloured(terminal: Terminal, output: Output, format: Format, text: string): string {
  const { NO_COLOR, TERM } = terminal.variables;
  const shown = output.isTTY === true && !NO_COLOR && TERM !== "dumb";
  return shown ? styleText(format, text, { validateStream: false }) : text;
}

/** One JSON document on standard output. */
export function writeJson(terminal: Terminal, document: unknown): void {
  terminal.output.write(`${printableJson(document, 2)}\n`);
}
