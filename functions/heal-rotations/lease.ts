import { minute, second } from "../../shared/instant.ts";
import { holding } from "../../shared/secrets/lease.ts";
import { isRotated } from "../../shared/secrets/record.ts";
import type { Sweep } from "./sweep.ts";

/** Holds a secret for as long as this function can last; not while a rotation is under way that is not stuck yet. */
export function holdingSecret<Outcome>(
  { ledger, now, pause, configuration }: Sweep,
  arn: string,
  act: () => Promise<Outcome>,
): Promise<Outcome | "held"> {
  const { timeoutSeconds, stuckAfterMinutes } = configuration.healRotations;
  const lease = { ledger, arn, now, pause, forMs: timeoutSeconds * second };
  return holding({ ...lease, isRotated: (record, at) => isRotated(record, at, stuckAfterMinutes * minute) }, act);
}
