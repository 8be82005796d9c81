import { Refused } from "../shared/failures.ts";
import { quoted, suggestion } from "../shared/text.ts";
import { type FaultLevel, faultLevels } from "../simulation/fault-rates.ts";

// What a simulated world is made by, as people write it on the command line.

export function readDays(text: string): number {
  return readCount("--days", text, 3_650);
}

/** It is printed in a command that a person runs again. */
export function readSeed(text: string, option = "--seed", maximum = 64): string {
  if (/^[\w.:-]+$/.test(text) && text.length <= maximum) return text;
  throw new Refused(
    `${option} ${quoted(text)} must be letters, digits, dots, colons, hyphens or underscores; ${maximum} at most`,
  );
}

export function readFaults(text: string): FaultLevel {
  const found = faultLevels.find((level) => level === text);
  if (found !== undefined) return found;
  throw new Refused(`--faults ${quoted(text)} is unknown${suggestion(text, faultLevels)} (${faultLevels.join(", ")})`);
}

/** Names with numbers, as in `outage:1,storm:2`; none of them for `none`, and null (all) where nothing was written. */
export function readNames(
  option: string,
  text: string | undefined,
  known: readonly string[],
): ReadonlySet<string> | null {
  if (text === undefined) return null;
  if (text === "none") return new Set();
  const names = text.split(",");
  for (const each of names) {
    const [name = "", number = ""] = each.split(":");
    checkKnown(option, name, known);
    if (!/^[1-9]\d{0,8}$/.test(number))
      throw new Refused(`${option} ${quoted(each)} must have a number, as in ${name}:1`);
  }
  return new Set(names);
}

/** Names out of those that are known; all of them where nothing was written. */
export function readKnown(option: string, text: string | undefined, known: readonly string[]): readonly string[] {
  const names = text === undefined ? known : text.split(",");
  for (const name of names) checkKnown(option, name, known);
  return names;
}

function checkKnown(option: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new Refused(`${option} ${quoted(name)} is unknown${suggestion(name, known)} (${known.join(", ")})`);
}

/** How often, or how many: a whole number within bounds. */
export function readCount(option: string, text: string | undefined, maximum: number): number {
  if (text === undefined) throw new Refused(`${option} is missing: a whole number from 1 to ${maximum}`);
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= maximum) return count;
  throw new Refused(`${option} ${quoted(text)} must be a whole number from 1 to ${maximum}`);
}

/** A kind of fault in words: lost reply. */
export function faultWords(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
