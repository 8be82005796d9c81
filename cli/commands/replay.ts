import { readFileSync } from "node:fs";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { parseTimestamp } from "../../shared/delivery/timestamp.ts";
import { Refused } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";
import { printable, quoted } from "../../shared/text.ts";
import type { Tags } from "../../simulation/mirror.ts";
import { replay as replayDocuments } from "../../simulation/replay.ts";
import { incidentJson, notificationsJson, storiesOf } from "../../simulation/report.ts";
import type { World } from "../../simulation/world.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { readDocuments, statOf } from "../documents.ts";
import { incidentTable, notificationTable } from "../tables.ts";
import { type Terminal, writeJson } from "../terminal.ts";

export const replay: Command = {
  name: "replay",
  summary: "what these alarm deliveries would have done to your people",
  usage: "replay FILE… [--environment E] [--local FILE] [--tags FILE] [--until TIME] [--lenient] [--json]",
  options: {
    environment: { type: "string", value: "E", description: "whose configuration; production unless stated" },
    local: localOption,
    tags: {
      type: "string",
      value: "FILE",
      description: 'the alarms\' tags: { "<alarm arn>": { "<key>": "<value>" } }',
    },
    until: {
      type: "string",
      value: "TIME",
      description: "until when timers run on; 24 h after the last event unless stated",
    },
    lenient: { type: "boolean", description: "count lines that are no JSON instead of refusing them" },
    json: jsonOption,
  },
  positionals: { minimum: 1, maximum: 1_000 },
  async run({ positionals, texts, flags }, terminal) {
    const { configuration } = loadConfiguration(texts.environment ?? "production", { localFile: texts.local });
    const tags = texts.tags === undefined ? {} : readTags(texts.tags);
    const until = texts.until === undefined ? null : readTime(texts.until);
    const counts = { broken: 0 };
    const options = { lenient: flags.has("lenient"), onBroken: () => (counts.broken += 1) };
    const world = await replayDocuments(documentsOf(positionals, options), { configuration, tags, until });
    const { failed: _, ...taken } = world.collected.deliveries;
    const deliveries = { ...taken, broken: counts.broken };
    if (flags.has("json")) {
      const incidents = storiesOf(world).map(incidentJson);
      writeJson(terminal, { incidents, notifications: notificationsJson(world.collected.notifications), deliveries });
    } else {
      print(world, deliveries, terminal);
    }
    return deliveries.unparsed + deliveries.broken > 0 ? 1 : 0;
  },
};

async function* documentsOf(
  files: readonly string[],
  options: { lenient: boolean; onBroken: () => void },
): AsyncGenerator<unknown> {
  for (const file of files) yield* readDocuments(file, options);
}

function print(world: World, deliveries: Record<string, number>, terminal: Terminal): void {
  const incidents = storiesOf(world);
  terminal.output.write(`${incidentTable(terminal, incidents)}\n`);
  terminal.output.write(`${notificationTable(terminal, world.collected.notifications)}\n`);
  const counts = Object.entries(deliveries).map(([name, count]) => `${count} ${name}`);
  terminal.output.write(`deliveries: ${counts.join(", ")}\n`);
}

function readTime(text: string): Instant {
  const at = parseTimestamp(text) ?? parseTimestamp(`${text}T00:00:00Z`);
  if (at !== null) return at;
  throw new Refused(`--until ${quoted(text)} is no time; write it as 2026-05-01T08:00:00Z`);
}

function readTags(file: string): Tags {
  if (statOf(file).isDirectory()) throw new Refused(`${printable(file)}: is a directory, not a file of tags`);
  const parsed = parseJson(file);
  if (!isMap(parsed)) throw new Refused(`${printable(file)}: must be one object: alarm ARN → tags`);
  const entries = Object.entries(parsed).map(([arn, tags]) => [arn, tagsOf(file, arn, tags)] as const);
  return Object.fromEntries(entries);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Refused(`${printable(file)}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tagsOf(file: string, arn: string, tags: unknown): Record<string, string> {
  const place = `${printable(file)}: ${quoted(arn)}`;
  if (!isMap(tags)) throw new Refused(`${place} must be an object of tags; it is ${quoted(tags)}`);
  const entries = Object.entries(tags).map(([key, value]): [string, string] => {
    if (typeof value !== "string") {
      throw new Refused(`${place}: the tag ${quoted(key)} must be a text; it is ${quoted(value)}`);
    }
    if (value.length > maximumTagLength) {
      throw new Refused(`${place}: the tag ${quoted(key)} is longer than ${maximumTagLength} characters`);
    }
    return [key, value.toWellFormed()];
  });
  return Object.fromEntries(entries);
}

/** AWS's own limit. */
const maximumTagLength = 256;

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
