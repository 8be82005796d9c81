import { coloured, type Terminal } from "./terminal.ts";

const width = 30;

/** A bar on the terminal that fills as work is done; where nobody looks at one, a line for each tenth. */
export function progressBar(terminal: Terminal, total: number, unit: string): (done: number) => void {
  const { errors } = terminal;
  let shown = 0;
  return (done) => {
    const filled = Math.round((done / total) * width);
    if (errors.isTTY === true) {
      const bar = coloured(terminal, errors, "green", "█".repeat(filled)) + "░".repeat(width - filled);
      errors.write(`\r${bar} ${done} of ${total} ${unit}${done === total ? "\n" : ""}`);
      return;
    }
    const tenth = Math.floor((done / total) * 10);
    if (tenth === shown) return;
    shown = tenth;
    errors.write(`${"#".repeat(tenth)}${".".repeat(10 - tenth)} ${done} of ${total} ${unit}\n`);
  };
}
