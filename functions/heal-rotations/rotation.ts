import { readRecord } from "../../shared/secrets/records.ts";
import { rotationOf, takeNotes } from "../../shared/secrets/rotation.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import type { Sweep } from "./sweep.ts";

/** A rotation that somebody else has begun, with what was noted for that version. */
export async function rotationBegun(sweep: Sweep, secret: Rotation["secret"], token: string): Promise<Rotation> {
  const { ledger, pause } = sweep;
  const { arn } = secret;
  const { underway } = await readRecord(ledger, arn);
  return rotationOf(sweep, {
    ...{ secret, token, notes: underway?.version === token ? underway.notes : {} },
    note: async (notes) => {
      await takeNotes(ledger, { arn, token }, notes, pause);
    },
  });
}
