import { type LoadedConfiguration, loadConfiguration } from "../../shared/configuration/files.ts";
import type { Origin } from "../../shared/configuration/merge.ts";
import { dotted, leaves } from "../../shared/configuration/path.ts";
import { printable } from "../../shared/text.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const configuration: Command = {
  name: "configuration",
  summary: "the resolved configuration, each value with the layer that it came from",
  usage: "configuration ENVIRONMENT [--local FILE] [--json]",
  options: { local: localOption, json: jsonOption },
  positionals: { minimum: 1, maximum: 1 },
  async run({ positionals: [environment = ""], texts, flags }, terminal) {
    const loaded = loadConfiguration(environment, { localFile: texts.local });
    if (flags.has("json")) writeJson(terminal, loaded);
    else terminal.output.write(table(loaded, terminal));
    return 0;
  },
};

const widestValue = 48;

/** A line for each value, `path = value  # layer file:line`; values are JSON, which is YAML as well. */
function table(loaded: LoadedConfiguration, terminal: Terminal): string {
  const rows = leaves(loaded.configuration).map((leaf) => {
    const path = dotted(leaf.path);
    return { path: printable(path), value: shown(leaf.value), origin: loaded.origins[path] };
  });
  const pathWidth = Math.max(...rows.map(({ path }) => path.length));
  const valueWidth = Math.max(...rows.map(({ value }) => value.length).filter((length) => length <= widestValue));
  const lines = rows.map(({ path, value, origin }) => {
    const format = origin?.layer === "base" ? "dim" : "cyan";
    const source = coloured(terminal, terminal.output, format, `# ${place(origin)}`);
    return `${path.padEnd(pathWidth)} = ${value.padEnd(valueWidth)}  ${source}\n`;
  });
  return lines.join("");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return printable(JSON.stringify(value));
}

function place(origin: Origin | undefined): string {
  if (origin === undefined) return "unknown";
  const line = origin.line === null ? "" : `:${origin.line}`;
  return printable(`${origin.layer} ${origin.file}${line}`);
}
