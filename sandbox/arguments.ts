import { parseArgs } from "node:util";
import { Refused } from "../shared/failures.ts";
import { quoted, suggestion } from "../shared/text.ts";

/** What a person asked of the sandbox. */
export type Wish =
  | { type: "prove"; keep: boolean }
  | { type: "stop" }
  | { type: "set"; state: "ALARM" | "OK"; alarm: string }
  | { type: "help" };

const options = {
  keep: { type: "boolean" },
  stop: { type: "boolean" },
  alarm: { type: "string" },
  ok: { type: "string" },
  help: { type: "boolean" },
} as const;

const known = Object.keys(options).map((name) => `--${name}`);

export const usage = [
  "npm run sandbox                    deploys the stack to an emulator, proves the real path, and stops it again",
  "npm run sandbox -- --keep          goes on running after the proofs, and tells how to reach it",
  "npm run sandbox -- --alarm NAME    an alarm of the kept sandbox goes red: its incident",
  "npm run sandbox -- --ok NAME       it is over",
  "npm run sandbox -- --stop          ends the kept sandbox",
] as const;

/** Reads the words after `npm run sandbox --`. Throws `Refused`, one line, for what is no option, or is several. */
export function readWish(words: readonly string[]): Wish {
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const given = tokens.flatMap((token) => {
    if (token.kind === "positional")
      throw new Refused(`${quoted(token.value)} is too much; it takes ${known.join(", ")}`);
    if (token.kind === "option-terminator") return [];
    if (!Object.hasOwn(options, token.name)) {
      throw new Refused(`unknown option ${quoted(token.rawName)}${suggestion(token.rawName, known)}`);
    }
    return [token];
  });
  const [first, second] = given;
  if (first === undefined) return { type: "prove", keep: false };
  if (second?.name === first.name) throw new Refused(`${first.rawName} is given twice`);
  if (second !== undefined) throw new Refused(`${first.rawName} and ${second.rawName} cannot be asked for together`);
  return wishOf(first.name, first.value);
}

function wishOf(name: string, value: string | undefined): Wish {
  switch (name) {
    case "alarm":
    case "ok":
      return { type: "set", state: name === "ok" ? "OK" : "ALARM", alarm: alarmNamed(name, value) };
    default:
      if (value !== undefined) throw new Refused(`--${name} takes no value`);
      if (name === "stop" || name === "help") return { type: name };
      return { type: "prove", keep: true };
  }
}

function alarmNamed(option: string, name: string | undefined): string {
  if (name === undefined || name === "" || name.startsWith("-")) {
    throw new Refused(`--${option} needs the name of an alarm: --${option} NAME`);
  }
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw new Refused(`${quoted(name)} is no name here: letters, digits, dot, underscore, hyphen; 100 at most`);
  }
  return name;
}
