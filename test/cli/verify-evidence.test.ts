import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backupsMarkdown } from "../../cli/backups-report.ts";
import { type BackupsReport, reportJson } from "../../shared/backups/report.ts";
import { type Link, seal } from "../../shared/evidence/pack.ts";
import { flippedAt, having, packs } from "../evidence/packs.ts";
import { nightshift } from "./terminal.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nightshift-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const { files, links } = packs(3);
const keys = [...files.keys()];
const [first = "", , , second = "", markdown = "", , third = ""] = keys;

function written(given: ReadonlyMap<string, Buffer>): string[] {
  return [...given].map(([key, bytes]) => {
    const path = join(directory, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  });
}

const verify = (...words: string[]) => nightshift(["verify-evidence", ...words]);

describe("a chain that holds", () => {
  test("is told with one line for each pack, in the order of the chain, and 0", async () => {
    const paths = written(files);
    const { code, output, errors } = await verify(...paths.toReversed());
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    const lines = output.split("\n");
    expect(lines[0]).toBe(
      `holds  2026-03-10T12:00:00.000Z  ${links[0]?.sha256.slice(0, 12)}  verify-backups of production in 111122223333, eu-west-1  ${join(directory, first)}`,
    );
    expect(lines.slice(3)).toEqual(["3 packs, 0 problems", ""]);
  });

  test("is found by one file of each, or by its directory", async () => {
    written(files);
    const some = [first, second, third].map((key) => join(directory, key));
    expect(await verify(...some)).toEqual(await verify(directory));
    expect((await verify(...some)).code).toBe(0);
  });

  test("is one JSON document with --json", async () => {
    written(files);
    const { code, output } = await verify(directory, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      holds: true,
      packs: [
        { file: join(directory, first), at: "2026-03-10T12:00:00.000Z", previous: null, sha256: links[0]?.sha256 },
        { operation: "verify-backups", environment: "production", account: "111122223333", region: "eu-west-1" },
        { previous: links[1]?.sha256 },
      ],
      problems: [],
    });
  });
});

describe("what does not hold ends with 1, the file and the byte", () => {
  test("a flipped one", async () => {
    written(having(files, second, flippedAt(files.get(second) ?? Buffer.alloc(0), 70)));
    const { code, output } = await verify(directory);
    expect(code).toBe(1);
    expect(output).toContain(`wrong  ?  ${links[1]?.sha256.slice(0, 12)}  cannot be read  `);
    expect(output).toContain(
      `${join(directory, second)}: byte 70: is not what its manifest says\n3 packs, 1 problems\n`,
    );
    const document = JSON.parse((await verify(directory, "--json")).output);
    expect(document).toMatchObject({ holds: false, problems: [{ kind: "altered", offset: 70, until: 70 }] });
  });

  test("one that is cut short, while the rest is verified", async () => {
    written(having(files, markdown, (files.get(markdown) ?? Buffer.alloc(0)).subarray(0, 20)));
    const { code, output } = await verify(directory);
    expect(code).toBe(1);
    expect(output).toContain(`${join(directory, markdown)}: byte 20: is cut short\n`);
    expect(output.match(/^holds/gm)).toHaveLength(2);
  });

  test("a pack that is missing, named, unless the rest is said to follow it", async () => {
    written(files);
    const later = [second, third].map((key) => join(directory, key));
    const { code, output } = await verify(...later);
    expect(code).toBe(1);
    expect(output).toContain(`follows ${links[0]?.key} (SHA-256 ${links[0]?.sha256}), which is not there`);
    expect((await verify(...later, "--after", links[0]?.sha256 ?? "")).code).toBe(0);
  });
});

describe("bad input ends with 2", () => {
  test.each([
    ["package.json", '{"name":"x"}', "is no evidence"],
    ["notes.txt", "x", "is no evidence"],
    ["empty.json", "", "is no evidence"],
  ])("a foreign file: %s", async (name, text, says) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    const { code, output, errors } = await verify(...written(files), path);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(`${path}: ${says}`);
  });

  test("nothing, what is not there, and no SHA-256", async () => {
    expect((await verify()).code).toBe(2);
    expect(await verify(join(directory, "none.json"))).toMatchObject({
      code: 2,
      errors: expect.stringContaining("there is no such file"),
    });
    expect(await verify(directory, "--after", "abc")).toMatchObject({
      code: 2,
      errors: expect.stringContaining("is no SHA-256"),
    });
  });
});

test("the report of a run of verify-backups is written anew, and shows where it was changed", async () => {
  const report: BackupsReport = {
    ...{ at: Date.parse("2026-03-10T12:00:00Z"), account: "111122223333", regions: ["eu-west-1"], resources: [] },
    ...{ inventory: [], calls: { DescribeDBInstances: 1 } },
  };
  const previous: Link | null = null;
  const sealed = seal({
    ...{ operation: "verify-backups", environment: "production", at: report.at, account: report.account },
    ...{ region: "eu-west-1", previous, report: reportJson(report, "P3"), markdown: backupsMarkdown(report, "P3") },
  });
  const parts = [sealed.pack, sealed.markdown, sealed.manifest];
  const whole = new Map(parts.map(({ key, body }) => [key, Buffer.from(body)]));
  written(whole);
  expect((await verify(directory)).code).toBe(0);
  const changed = Buffer.from(sealed.markdown.body.replace("Nothing was changed", "All was changed"));
  written(having(whole, sealed.markdown.key, changed));
  const at = sealed.markdown.body.indexOf("Nothing was changed");
  expect((await verify(directory)).output).toContain(`byte ${at}: is not what its manifest says`);
});
