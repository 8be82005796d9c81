import { printable } from "../../shared/text.ts";
import type { Connect } from "../aws.ts";
import { type Command, jsonOption } from "../command.ts";
import { awsOptions, connectCloud } from "../connection.ts";
import { readCount } from "../knobs.ts";
import { type Readers, readersOf } from "../secret-readers.ts";
import { secretNamed } from "../secrets.ts";
import { table } from "../tables.ts";
import { type Terminal, writeJson } from "../terminal.ts";

export const readers = readersThrough(connectCloud);

/** Who has to be told, or deployed anew, when the secret changes. */
export function readersThrough(connect: Connect): Command {
  return {
    name: "readers",
    summary: "who read a secret lately, as CloudTrail tells it",
    usage: "readers SECRET [--days N] [--environment E] [--json]",
    options: {
      days: { type: "string", value: "N", description: "how far back; 7 unless stated, 90 at most" },
      ...awsOptions,
      json: jsonOption,
    },
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const [id = ""] = given.positionals;
      const days = readCount("--days", given.texts.days ?? "7", 90);
      const cloud = await connect(given, terminal);
      const { arn, name } = await secretNamed(cloud, id);
      const found = await readersOf(cloud, { arn, name }, days);
      const { readers, isPartial } = found;
      if (given.flags.has("json")) writeJson(terminal, { version: 1, secret: { arn, name }, days, readers, isPartial });
      else terminal.output.write(textOf(found, name, days, terminal));
      return 0;
    },
  };
}

function textOf({ readers, isPartial }: Readers, name: string, days: number, terminal: Terminal): string {
  const rows = readers.map(({ principal, through, lastAt, count }) => [
    printable(principal),
    printable(through),
    lastAt.slice(0, 19).replace("T", " "),
    String(count),
  ]);
  const none = `nobody has read ${printable(name)} in the last ${days} days\n`;
  const shown = rows.length === 0 ? none : `${table(terminal, ["who", "through", "last", "times"], rows)}\n`;
  const more = isPartial ? "there is more than was looked at: ask for fewer days\n" : "";
  return `${shown}${more}CloudTrail tells of a call some minutes after it\n`;
}
