import { Readable, Writable } from "node:stream";
import { main } from "../../cli/main.ts";
import type { Output, Terminal } from "../../cli/terminal.ts";

export interface Ended {
  code: number;
  output: string;
  errors: string;
}

export interface Setting {
  variables?: Record<string, string | undefined>;
  input?: string;
  /** Whether standard output is a screen. */
  screen?: boolean;
}

/** Runs the command line in this process and collects what it wrote. */
export function nightshift(words: readonly string[], setting: Setting = {}): Promise<Ended> {
  return onTerminal((terminal) => main(words, terminal), setting);
}

export async function onTerminal(run: (terminal: Terminal) => Promise<number>, setting: Setting = {}): Promise<Ended> {
  const output = collector(setting.screen);
  const errors = collector(setting.screen);
  const terminal: Terminal = {
    output: output.stream,
    errors: errors.stream,
    input: Readable.from([setting.input ?? ""]),
    variables: setting.variables ?? {},
  };
  const code = await run(terminal);
  return { code, output: output.text(), errors: errors.text() };
}

function collector(screen = false): { stream: Output; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: screen }), text: () => chunks.join("") };
}
