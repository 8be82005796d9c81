import { readBase } from "../../shared/configuration/files.ts";
import { editorSchema } from "../../shared/configuration/json-schema.ts";
import type { Command, Option } from "../command.ts";
import { writeJson } from "../terminal.ts";

const baseOption: Option = { type: "boolean", description: "of base.yml itself, which must state every key" };

export const schema: Command = {
  name: "schema",
  summary: "the JSON Schema of configuration files, by which editors complete, explain and check them",
  usage: "schema [--base]",
  options: { base: baseOption },
  positionals: { minimum: 0, maximum: 0 },
  async run({ flags }, terminal) {
    writeJson(terminal, editorSchema(readBase(), flags.has("base") ? "base" : "layer"));
    return 0;
  },
};
