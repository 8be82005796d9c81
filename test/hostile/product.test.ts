import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { fold } from "../../shared/incident/evolve.ts";
import type { Log } from "../../shared/log.ts";
import { operations } from "../../shared/operations.ts";
import { itemBytes } from "../../simulation/aws/dynamodb-values.ts";
import { incidentsOf } from "../../simulation/report.ts";
import { ledgerTable } from "../../simulation/table.ts";
import type { World } from "../../simulation/world.ts";
import { onEveryChannel } from "../incident/every-channel.ts";
import { createStage, type Stage } from "../incident/stage.ts";
import { anyOf, arnOf, at, clears, contributor, event, finding, fires, nonsense } from "../incident/stories.ts";
import { root } from "../tidy/source.ts";
import { printingLog } from "./printed.ts";
import { harmIn, hostileTexts, longTexts } from "./texts.ts";

// Each hostile text goes through the whole product as everything that an alarm, a finding, a channel or a person can say:
// opened, paged, refused, answered, swept, resolved. Then everything that came out is looked at.

/** What one text left behind. */
interface Left {
  world: World;
  /** What the logger printed, entry by entry. */
  printed: string[];
}

const names = Object.entries(hostileTexts);
const words = [...names, ...Object.entries(longTexts)];

describe.each(words)("%s", (_, text) => {
  const name = text.length > 255 ? "long" : text;
  let left: Left;
  beforeAll(async () => {
    left = await performed(name, text);
  });

  test("nothing fails, and nothing is given up or left out", () => {
    const { deliveries, complaints } = left.world.collected;
    expect(deliveries).toMatchObject({ failed: 0, unparsed: 2 });
    expect([...complaints.keys()].toSorted()).toEqual(["channel refused", "delivery of unknown shape"]);
  });

  test("every message to a topic keeps SNS's rules and its own form", () => {
    const { published } = left.world.sns;
    expect(published.length).toBeGreaterThan(8);
    for (const { subject, message } of published) {
      expect(subject).toMatch(/^\[P[0-3]\] [a-z]+: [\x20-\x7e]{1,90}$/);
      expect(subject?.length).toBeLessThan(100);
      expect(Buffer.byteLength(message)).toBeLessThan(256 * 1_024);
      expect(harmIn(message)).toBeNull();
      const ends = message.split("\n").map((line) => /^(incidents|to|written): /.exec(line)?.[1]);
      expect(ends.filter((word) => word !== undefined)).toEqual(["incidents", "to", "written"]);
      expect(ends.slice(-3)).toEqual(["incidents", "to", "written"]);
    }
  });

  test("every line of a timeline is one line, and the timeline still rebuilds its incident", () => {
    const reports = incidentsOf(left.world);
    expect(reports.length).toBeGreaterThan(4);
    for (const { incident, timeline } of reports) {
      expect(fold(timeline)).toEqual(incident);
      for (const { text: line } of timeline) {
        expect(line).not.toContain("\n");
        expect(harmIn(line)).toBeNull();
        expect(line.length).toBeLessThanOrEqual(1_001);
      }
    }
  });

  test("every row fits into the table, and its keys are texts that a table takes", () => {
    for (const item of left.world.dynamodb.items(ledgerTable)) {
      expect(itemBytes(item)).toBeLessThan(300_000);
      for (const key of [item.pk, item.sk, item.queue, item.order]) expect(textOf(key).isWellFormed()).toBe(true);
    }
  });

  test("every log entry is one line of JSON that says what it is, and forges no other", () => {
    const { printed, world } = left;
    expect(printed.length).toBeGreaterThan(20);
    const entries = printed.map((line) => {
      expect(line).toMatch(/^\{[^\n]*\}\n$/);
      expect(harmIn(line)).toBeNull();
      expect(Buffer.byteLength(line)).toBeLessThan(256_000);
      return JSON.parse(line);
    });
    const beats = entries.filter(({ message }) => message === "sweep complete");
    expect(beats).toHaveLength(world.collected.sweeps.complete);
    for (const entry of entries) {
      expect(known).toContain(entry.message);
      expect(entry).toMatchObject({ service: "nightshift", operation: "open-incidents", environment: "production" });
    }
  });
});

const known = [
  ...["delivery", "delivery of unknown shape", "page", "page sent", "channel refused", "timer", "sweep complete"],
  ...["gathered by another sweep", "lost event"],
];

/** Everything at once: each kind of text, in each place in which it can stand. */
async function performed(name: string, text: string): Promise<Left> {
  const stage = await createStage({
    configuration: onEveryChannel,
    tags: {
      [arnOf(name.toWellFormed())]: { "nightshift:tier": "critical" },
      [arnOf("served")]: { "nightshift:tier": "high", "nightshift:service": name.toWellFormed() },
    },
  });
  const printed: string[] = [];
  const { collected } = stage.world;
  const silent = collected.logOf.bind(collected);
  collected.logOf = (invocation): Log => printingLog(silent(invocation), printed);
  refuseOnce(stage, text);
  await stage.tell(
    described(fires(name, at(0), { reason: text }), text),
    fires("served", at(0, 1), { reason: text }),
    fires(`${name.slice(0, 250)}-b`, at(0, 1), { reason: text }),
    fires("unrouted", at(0, 2), { reason: text, rule: `${anyOf(name)} OR ALARM(${text}` }),
    fires("muted", at(0, 3), { mute: { rule: text, until: at(9) } }),
    fires("suppressed", at(0, 4), { suppressedBy: text, rule: anyOf("x") }),
    contributor("series", text.slice(0, 128), "ALARM", at(0, 5)),
    { ...finding("raised", at(0, 6), { rule: name, resource: name }), message: text, remedy: text },
    nonsense(at(0, 7), text),
    { [text]: text, NewStateValue: text },
  );
  const key = arnOf(name.toWellFormed());
  await stage.person(at(1), "audit-secrets|x", { type: "silence", by: text, reason: text, until: at(30) });
  await stage.person(at(2), key, { type: "note", by: text, text });
  await stage.until(at(25));
  await stage.person(at(26), key, { type: "acknowledge", by: text });
  await stage.person(at(27), arnOf("unrouted"), { type: "resolve", by: text, text });
  await stage.tell(
    clears(name, at(30), { reason: text }),
    event("served", "INSUFFICIENT_DATA", at(31), { reason: text }),
  );
  await stage.until(at(45));
  return { world: stage.world, printed };
}

function described(document: ReturnType<typeof fires>, text: string) {
  const { configuration, ...detail } = document.detail;
  return { ...document, detail: { ...detail, configuration: { ...configuration, description: text } } };
}

/** The first message is refused, in words of the channel's own. */
function refuseOnce({ world }: Stage, text: string): void {
  const { send } = world.sns;
  // The SDK's type has an overload for each command of the service.
  world.sns.send = (async () => {
    world.sns.send = send;
    throw new Error(text);
  }) as typeof send;
}

function textOf(value: AttributeValue | undefined): string {
  return value?.S ?? "";
}

describe("the logger", () => {
  const handlers = operations.map(({ name }) => [
    name,
    readFileSync(join(root, "functions", name, "handler.ts"), "utf8"),
  ]);

  test.each(handlers)("of %s is made as it is here", (name, handler) => {
    expect(handler).toContain(`const log = new Logger(loggerOptions("${name}", environment));`);
    expect(handler?.match(/new Logger/g)).toHaveLength(1);
  });

  test("keeps the lines of a text, and shortens what CloudWatch Logs would cut in two", () => {
    const printed: string[] = [];
    const silence = () => {};
    const log = printingLog({ info: silence, warn: silence, error: silence }, printed);
    log.info("page", { text: "one\ntwo\u001b[31m", long: "x".repeat(300_000) });
    expect(JSON.parse(printed.join(""))).toMatchObject({ text: "one\ntwo\\u001b[31m" });
    expect(printed.join("").length).toBeLessThan(11_000);
  });
});
