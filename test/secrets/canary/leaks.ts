import { inspect } from "node:util";
import type { Stage } from "../rotating.ts";
import { looksOf, type Marks } from "./marks.ts";

/** Something that left, and through which door. */
export interface Left {
  door: "log" | "event" | "ledger" | "error" | "command line" | "server's log";
  text: string;
}

/** Everything that has left a stage: log, bus, ledger, and what was thrown. */
export function leftOf({ lines, events }: Stage, rows: readonly string[], errors: readonly unknown[]): Left[] {
  return [
    ...lines.map((text): Left => ({ door: "log", text })),
    ...events.map((event): Left => ({ door: "event", text: JSON.stringify(event) })),
    ...rows.map((text): Left => ({ door: "ledger", text })),
    ...errors.map(thrown),
  ];
}

/** With its stack, its causes and whatever else hangs on it, hidden or not. */
export function thrown(error: unknown): Left {
  const options = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null, maxArrayLength: null };
  return { door: "error", text: inspect(error, options) };
}

/** What of the marked values is in it, as sentences that repeat none. */
export function leaksIn(left: readonly Left[], marks: Marks): string[] {
  const doors = new Map<string, string>();
  for (const { door, text } of left) doors.set(door, `${doors.get(door) ?? ""}\n${text}`);
  const found: string[] = [];
  for (const [mark, name] of marks) {
    const looks = looksOf(mark);
    for (const [door, text] of doors) {
      if (looks.some((look) => text.includes(look))) found.push(`${name} is in the ${door}`);
    }
  }
  return found;
}
