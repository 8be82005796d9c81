import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";

/** Every how many minutes an auditing operation comes. Throws `Refused` where no alarm could see it stop. */
export function cadenceOf({ findings }: Configuration, operation: string): number {
  const cadence = findings.cadences[operation] ?? findings.cadenceMinutes;
  if (cadence <= longestCadence) return cadence;
  throw new Refused(
    `findings: ${operation} comes every ${cadence} minutes; at most every ${longestCadence}, or no alarm can see it stop`,
  );
}

/** An alarm looks back for a week at most, and waits for three cadences. */
const longestCadence = 3_360;
