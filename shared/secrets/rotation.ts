import type { Configuration } from "../configuration/schema.ts";
import type { Ledger } from "../ledger/store.ts";
import { noted } from "./record.ts";
import { changeRecord } from "./records.ts";
import type { Rotation } from "./strategy.ts";

/** Where a rotation takes place, and by whose policy. */
interface Place extends Pick<Rotation, "outside" | "now"> {
  configuration: Pick<Configuration, "secrets">;
}

/** A rotation as its strategy sees it. */
export function rotationOf(
  { outside, now, configuration }: Place,
  own: Pick<Rotation, "secret" | "token" | "notes" | "note">,
): Rotation {
  const { kinds, graceHours } = configuration.secrets;
  const { kind } = own.secret;
  const intervalDays = Object.hasOwn(kinds, kind) ? (kinds[kind]?.rotateDays ?? null) : null;
  return { ...own, intervalDays, graceHours, outside, now };
}

/** Adds to the notes of a version's rotation. Resolves to false when another one is underway: nothing is noted then. */
export async function takeNotes(
  ledger: Ledger,
  { arn, token }: { arn: string; token: string },
  notes: Rotation["notes"],
  pause: (attempt: number) => Promise<void>,
): Promise<boolean> {
  const { underway } = await changeRecord(
    ledger,
    arn,
    (record) => (record.underway?.version === token ? noted(record, notes) : null),
    pause,
  );
  return underway?.version === token;
}
