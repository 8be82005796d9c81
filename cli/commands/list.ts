import { operations } from "../../shared/operations.ts";
import { type Command, jsonOption } from "../command.ts";
import { coloured, writeJson } from "../terminal.ts";

export const list: Command = {
  name: "list",
  summary: "the operations, what starts them, and whether they act or recommend",
  usage: "list [--json]",
  options: { json: jsonOption },
  positionals: { minimum: 0, maximum: 0 },
  async run({ flags }, terminal) {
    if (flags.has("json")) {
      writeJson(terminal, { operations });
      return 0;
    }
    const nameWidth = Math.max(...operations.map(({ name }) => name.length));
    const modeWidth = Math.max(...operations.map(({ mode }) => mode.length));
    const triggerWidth = Math.max(...operations.map(({ trigger }) => trigger.length));
    for (const { name, trigger, mode, summary } of operations) {
      const shown = coloured(terminal, terminal.output, "bold", name.padEnd(nameWidth));
      terminal.output.write(`${shown}  ${mode.padEnd(modeWidth)}  ${trigger.padEnd(triggerWidth)}  ${summary}\n`);
    }
    return 0;
  },
};
