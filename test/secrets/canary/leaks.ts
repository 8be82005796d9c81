import { inspect } from "node:util";
import type { SimulatedDynamoDB } from "../../../simulation/aws/dynamodb.ts";
import { ledgerTable } from "../../../simulation/table.ts";
import type { Stage } from "../rotating.ts";
import { looksOf, type Marks } from "./marks.ts";

/** Something that left, and through which door. */
export interface Left {
  door: "log" | "event" | "ledger" | "error" | "command line" | "server's log";
  text: string;
}

/** Everything that has left a stage: log, bus, ledger, and what was thrown. */
export function leftOf({ lines, events, ledger }: Stage, errors: readonly unknown[]): Left[] {
  // The killer or the fault stands before the ledger's `send`; the rows are the same.
  const rows = [...(ledger.client as SimulatedDynamoDB).items(ledgerTable)];
  return [
    ...lines.map((text): Left => ({ door: "log", text })),
    ...events.map((event): Left => ({ door: "event", text: JSON.stringify(event) })),
    ...rows.map((row): Left => ({ door: "ledger", text: JSON.stringify(row) })),
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
