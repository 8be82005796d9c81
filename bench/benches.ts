import { measureBackups } from "./backups.ts";
import { measureDays } from "./days.ts";
import { measureImports } from "./imports.ts";
import type { Measure } from "./measure.ts";
import { measureScaling } from "./scaling.ts";
import { measureSecretsAudit } from "./secrets.ts";
import { measureSizes } from "./sizes.ts";
import { measureStorm } from "./storm.ts";

/** What is not measured, and why: so that nobody takes a table for complete. */
export type Leave = (what: string) => void;

export interface Bench {
  summary: string;
  /** `tell` is told what is being done at the moment. */
  run(tell: (what: string) => void, leave: Leave): Promise<Measure[]>;
}

/** Everything that can be measured, by the name that a person gives. */
export const benches: Readonly<Record<string, Bench>> = {
  storm: {
    summary: "10,000 transitions of 500 keys, shuffled and doubled, through the real functions",
    run: measureStorm,
  },
  bundle: { summary: "the size of each function as it is deployed", run: measureSizes },
  import: { summary: "the import of each function at a cold start", run: measureImports },
  "secrets-audit": {
    summary: "10,000 secrets through the real audit, and what it costs",
    run: measureSecretsAudit,
  },
  scaling: {
    summary: "a minute of 10,000 targets through the real evaluation, and what it costs",
    run: measureScaling,
  },
  backups: {
    summary: "50,000 recovery points in 200 vaults through the real verification",
    run: measureBackups,
  },
  days: { summary: "how many simulated days a second brings", run: measureDays },
};
