import { describe, expect, test } from "vitest";
import { commands } from "../../cli/commands.ts";
import { nightshift } from "./terminal.ts";

describe("bad input ends with 2 and one line", () => {
  const refusals: { words: string[]; line: RegExp }[] = [
    { words: ["lst"], line: /unknown command "lst"; did you mean "list"\?$/ },
    { words: ["zzzzzz"], line: /unknown command "zzzzzz"; the nearest known one is "/ },
    { words: ["--vresion"], line: /unknown option "--vresion"; did you mean "--version"\?$/ },
    { words: ["toString"], line: /unknown command "toString"/ },
    { words: ["__proto__"], line: /unknown command "__proto__"/ },
    { words: [""], line: /unknown command ""/ },
    { words: ["list", "--jsn"], line: /unknown option "--jsn" of list; did you mean "--json"\?$/ },
    { words: ["list", "-x"], line: /unknown option "-x" of list/ },
    { words: ["list", "--json=yes"], line: /--json takes no value$/ },
    { words: ["list", "--json", "--json"], line: /--json is given twice$/ },
    { words: ["list", "more"], line: /"more" is too much; usage: nightshift list \[--json\]$/ },
    { words: ["configuration"], line: /something is missing; usage: nightshift configuration ENVIRONMENT/ },
    { words: ["configuration", "prod"], line: /unknown environment "prod"; did you mean "production"\?/ },
    { words: ["configuration", "production", "--local"], line: /--local needs a value: --local FILE$/ },
    { words: ["configuration", "production", "--local", "--json"], line: /--local needs a value/ },
    { words: ["configuration", "production", "--local", ""], line: /--local needs a value/ },
    {
      words: ["configuration", "production", "--local", "/no/such/file.yml"],
      line: /\/no\/such\/file.yml: does not exist$/,
    },
    { words: ["configuration", "production", "--local", "/"], line: /\/: is a directory, not a file$/ },
    { words: ["configuration", "production", "--local", "/dev/null"], line: /\/dev\/null: states nothing$/ },
    { words: ["configuration", "production", "--local", "/dev/zero"], line: /\/dev\/zero: is larger than 1 MiB$/ },
    { words: ["configuration", "production", "--local", "a\0b"], line: /a\\u0000b: is no file name$/ },
    { words: ["help", "lits"], line: /unknown command "lits"; did you mean "list"\?$/ },
  ];
  test.each(refusals)("$words", async ({ words, line }) => {
    const { code, output, errors } = await nightshift(words);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toMatch(/^nightshift: [^\n]*\n$/);
    expect(errors.trimEnd()).toMatch(line);
  });

  test("what a person typed cannot break the line or move the cursor", async () => {
    const { errors } = await nightshift(["a\nb\r\u001b[2J\u2028\u202e"]);
    expect(errors).toMatch(/^nightshift: unknown command "a\\nb\\r\\u001b\[2J\\u2028\\u202e"[^\n]*\n$/);
  });
});

describe("help", () => {
  test("names every command", async () => {
    const { code, output, errors } = await nightshift(["--help"]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    for (const name of Object.keys(commands)) expect(output).toContain(`  ${name} `);
  });

  test("is the same however it is asked for", async () => {
    const asked = await Promise.all(
      [
        ["help", "list"],
        ["list", "--help"],
        ["list", "--nonsense", "-h"],
      ].map((words) => nightshift(words)),
    );
    expect(new Set(asked.map(({ output }) => output)).size).toBe(1);
    expect(asked[0]?.output).toContain("Usage: nightshift list [--json]");
  });

  test("goes to the errors, with 2, when no command was given", async () => {
    const { code, output, errors } = await nightshift([]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain("Usage:");
  });

  test("every command is registered under its own name", async () => {
    for (const [name, load] of Object.entries(commands)) {
      const command = await load();
      expect(command.name).toBe(name);
      expect(command.usage.split(" ")[0]).toBe(name);
    }
  });

  test("--version prints the version and nothing else", async () => {
    const { code, output } = await nightshift(["--version"]);
    expect(code).toBe(0);
    expect(output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
