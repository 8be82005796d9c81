import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environments } from "../../shared/configuration/environments.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { isMap, leaves } from "../../shared/configuration/path.ts";
import { Refused } from "../../shared/failures.ts";

const own = fileURLToPath(new URL("../../configuration", import.meta.url));
let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nightshift-"));
  cpSync(own, directory, { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("a broken directory is refused in one line", () => {
  const load = () => loadConfiguration("staging", { directory });

  test("without base.yml", () => {
    rmSync(join(directory, "base.yml"));
    expect(load).toThrow(`${directory}/base.yml: does not exist`);
  });

  test("without the environment's file", () => {
    rmSync(join(directory, "staging.yml"));
    expect(load).toThrow(`${directory}/staging.yml: does not exist`);
  });

  test("with a directory in its place", () => {
    rmSync(join(directory, "staging.yml"));
    mkdirSync(join(directory, "staging.yml"));
    expect(load).toThrow("staging.yml: is a directory, not a file");
  });

  test("with an empty base.yml", () => {
    writeFileSync(join(directory, "base.yml"), "");
    expect(load).toThrow("base.yml: states nothing");
  });

  test("with a file that is no UTF-8", () => {
    writeFileSync(join(directory, "staging.yml"), Buffer.from([0x61, 0x3a, 0xff, 0xfe]));
    expect(load).toThrow("staging.yml: is not UTF-8 text");
  });

  test("with a base.yml that lacks a key", () => {
    const path = join(directory, "base.yml");
    writeFileSync(path, readFileSync(path, "utf8").replace(/^ {2}reopenMinutes: 30$/m, ""));
    expect(load).toThrow(/base\.yml:\d+: incidents\.reopenMinutes: is missing; write a whole number$/);
  });

  test("with several problems, which are all told", () => {
    writeFileSync(join(directory, "staging.yml"), "a: 1\nb: 2\nc: 3\n");
    try {
      load();
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      expect([error.message, ...error.also]).toHaveLength(3);
    }
  });
});

describe("the files themselves", () => {
  test("every key of base.yml that is not a name is explained by a comment on it or its first like", () => {
    const lines = readFileSync(join(own, "base.yml"), "utf8").split("\n");
    for (const key of Object.keys(parse(lines.join("\n")))) {
      const line = lines.findIndex((each) => each.startsWith(`${key}:`));
      const paragraph = lines.slice(0, line).lastIndexOf("");
      const explained = lines.slice(paragraph, line).some((each) => each.startsWith("#"));
      const sibling = ["escalateIncidents", "notifyResponders"].includes(key);
      expect(explained || sibling, `${key} has no comment`).toBe(true);
    }
  });

  test.each(environments)("%s.yml begins with its purpose and holds only what differs from base.yml", (environment) => {
    const text = readFileSync(join(own, `${environment}.yml`), "utf8");
    expect(text).toMatch(/^# yaml-language-server: .*\n# [A-Z]/);
    const overlay: unknown = parse(text);
    if (!isMap(overlay)) return;
    const base = new Map(
      leaves(parse(readFileSync(join(own, "base.yml"), "utf8"))).map(({ path, value }) => [path.join("."), value]),
    );
    const stated = leaves(overlay).filter(({ path, value }) => base.get(path.join(".")) === value);
    expect(stated.map(({ path }) => path.join("."))).toEqual([]);
  });
});
