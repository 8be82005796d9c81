import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { envelopes, golden, kinds } from "../delivery/documents.ts";
import { nightshift } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nightshift-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const { event, topic, action, expected } = golden("static");
const arn = expected.alarm.arn;
const line = JSON.stringify(event);

async function replayed(words: string[]) {
  const ended = await nightshift(["replay", ...words, "--json"]);
  return { ...ended, document: JSON.parse(ended.output) };
}

describe("what it reads", () => {
  test("one document a line, in any mix of shapes: one transition on three doors is one delivery and two duplicates", async () => {
    const lines = [event, topic, action].map((document) => JSON.stringify(document)).join("\n");
    const { code, document, errors } = await replayed([file("doors.ndjson", lines)]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(document.deliveries).toMatchObject({ received: 3, applied: 1, duplicates: 2, unparsed: 0, broken: 0 });
    expect(document.incidents).toHaveLength(1);
  });

  test("every kind of alarm, in every envelope", async () => {
    const documents = kinds.flatMap((kind) => {
      const { event: own } = golden(kind);
      return Object.values(envelopes).map((wrap) => wrap(own));
    });
    const lines = documents.map((document) => JSON.stringify(document)).join("\n");
    const { document } = await replayed([file("kinds.ndjson", lines)]);
    expect(document.deliveries).toMatchObject({ unparsed: 0, broken: 0, received: documents.length });
    expect(document.deliveries.applied + document.deliveries.stale).toBe(kinds.length);
  });

  test.each([
    ["an array in one line", (text: string) => `[${text},${text}]`],
    ["an array over many lines", (text: string) => JSON.stringify([JSON.parse(text), JSON.parse(text)], null, 2)],
    ["lines with a byte-order mark and carriage returns", (text: string) => `\uFEFF${text}\r\n\r\n${text}\r\n`],
    ["several files' worth of arrays", (text: string) => `[${text}]\n[${text}]\n`],
    ["no line break at the end", (text: string) => `${text}\n${text}`],
  ])("%s", async (_, write) => {
    const { document, code } = await replayed([file("shape.json", write(line))]);
    expect(code).toBe(0);
    expect(document.deliveries).toMatchObject({ received: 2, applied: 1, duplicates: 1 });
  });

  test("a batch counts each record", async () => {
    const record = { messageId: "1", eventSource: "aws:sqs", body: line };
    const { document } = await replayed([file("batch.json", JSON.stringify({ Records: [record, record, record] }))]);
    expect(document.deliveries).toMatchObject({ received: 3, applied: 1, duplicates: 2 });
  });

  test("several files, in the order in which they are named", async () => {
    const { document } = await replayed([file("one.json", line), file("two.json", line)]);
    expect(document.deliveries).toMatchObject({ received: 2, applied: 1, duplicates: 1 });
  });
});

describe("what it prints", () => {
  test("the same bytes again", async () => {
    const path = file("again.json", line);
    expect((await replayed([path])).output).toBe((await replayed([path])).output);
  });

  test("tags place an alarm, and time runs on until --until", async () => {
    const tags = file(
      "tags.json",
      JSON.stringify({ [arn]: { "nightshift:tier": "critical", "nightshift:service": "shop" } }),
    );
    const words = [file("tagged.json", line), "--tags", tags];
    const { document } = await replayed(words);
    const [incident] = document.incidents;
    expect(incident).toMatchObject({ key: "shop", service: "shop", severity: "P0", status: "open" });
    expect(document.deliveries.unrouted).toBe(0);
    const until = new Date(Date.parse(incident.openedAt) + 10 * 60_000).toISOString();
    const short = (await replayed([...words, "--until", until])).document;
    expect(short.notifications.map(({ reason }: { reason: string }) => reason)).toEqual(["opened", "reminded"]);
  });

  test("tables for people, and 1 when something was not understood", async () => {
    const { code, output } = await nightshift(["replay", file("odd.ndjson", `${line}\n{"odd":true}\n`)]);
    expect(code).toBe(1);
    expect(output).toContain("unknown shape");
    expect(output).toContain("deliveries: 2 received, 1 applied, 0 duplicates, 0 stale, 1 unparsed");
  });

  test.each([
    "null",
    "7",
    '"text"',
    "{}",
    '[[1],"x"]',
    '{"Records":[]}',
    '{"Records":[{"eventSource":"aws:sqs","body":"{"}]}',
  ])("valid JSON of unknown shape is unparsed, not broken: %s", async (text) => {
    const { code, document } = await replayed([file("unknown.json", `${text}\n${line}`)]);
    expect(code).toBe(1);
    expect(document.deliveries.unparsed).toBeGreaterThan(0);
    expect(document.deliveries.broken).toBe(0);
  });

  test("obeys its schema", async () => {
    const { default: Ajv } = await import("ajv/dist/2020.js");
    const schema = JSON.parse(readFileSync(new URL("replay.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv.default().compile(schema);
    const { document } = await replayed([file("valid.ndjson", `${line}\n{"odd":true}\n`), "--lenient"]);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe("bad input", () => {
  const big = `{"a":"${"x".repeat(1_048_577)}"}`;
  test.each([
    ["no file", [], "something is missing"],
    ["a missing file", ["no-such-file.json"], "no-such-file.json: there is no such file"],
    ["a directory", [folder], "is a directory"],
    ["an empty file", [file("empty.json", "")], "empty.json: is empty"],
    [
      "a line that is no JSON",
      [file("broken.ndjson", `${line}\nnot json\n`)],
      'broken.ndjson:2: is not JSON: "not json"',
    ],
    ["a line over 1 MiB", [file("big.ndjson", `${line}\n${big}\n`)], "big.ndjson:2: is over 1 MiB"],
    ["an array without an end", [file("open.json", `[${line},`)], "the array has no end"],
    ["a bad time", [file("time.json", line), "--until", "tomorrow"], '--until "tomorrow" is no time'],
    ["an unknown environment", [file("env.json", line), "--environment", "prod"], 'unknown environment "prod"'],
    ["tags that are no JSON", [file("t.json", line), "--tags", file("tags.txt", "no")], "tags.txt: is not JSON"],
    [
      "tags of another shape",
      [file("t.json", line), "--tags", file("list.json", "[]")],
      "list.json: must be one object",
    ],
    [
      "a tag that is no text",
      [file("t.json", line), "--tags", file("n.json", '{"a":{"b":1}}')],
      'the tag "b" must be a text',
    ],
    ["an unknown flag", [file("f.json", line), "--lenent"], 'did you mean "--lenient"?'],
  ])("%s: one line, 2, and nothing on standard output", async (_, words, says) => {
    const { code, output, errors } = await nightshift(["replay", ...words, "--json"]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(says);
    expect(errors.trimEnd().split("\n")).toHaveLength(1);
  });

  test("--lenient counts what is broken, goes on, and ends with 1", async () => {
    const text = `${line}\nnot json\n${big}\n${JSON.stringify(topic)}\n`;
    const { code, document } = await replayed([file("lenient.ndjson", text), "--lenient"]);
    expect(code).toBe(1);
    expect(document.deliveries).toMatchObject({ received: 2, broken: 2, applied: 1, duplicates: 1 });
  });
});
