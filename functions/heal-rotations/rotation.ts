import { noted } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord } from "../../shared/secrets/records.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import type { Sweep } from "./sweep.ts";

/** A rotation as its strategy sees it, with what was noted for that version. */
export async function rotationOf(sweep: Sweep, secret: Rotation["secret"], token: string): Promise<Rotation> {
  const { ledger, outside, configuration, now, pause } = sweep;
  const { kinds, graceHours } = configuration.secrets;
  const intervalDays = Object.hasOwn(kinds, secret.kind) ? (kinds[secret.kind]?.rotateDays ?? null) : null;
  const { underway } = await readRecord(ledger, secret.arn);
  return {
    ...{ secret, token, intervalDays, graceHours, outside, now },
    notes: underway?.version === token ? underway.notes : {},
    note: async (notes) => {
      const add = (record: Parameters<typeof noted>[0]) =>
        record.underway?.version === token ? noted(record, notes) : null;
      await changeRecord(ledger, secret.arn, add, pause);
    },
  };
}
