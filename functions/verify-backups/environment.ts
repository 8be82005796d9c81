import * as z from "zod/mini";
import { environments } from "../../shared/configuration/environments.ts";

const named = z.string().check(z.minLength(1));

/** The environment variables of this function; infra sets every one of them. */
export const environmentSchema = z.object({
  NIGHTSHIFT_ENVIRONMENT: z.enum(environments),
  NIGHTSHIFT_LEDGER_TABLE: named,
  /** The name of the bus on which findings are put. */
  NIGHTSHIFT_FINDINGS_BUS: named,
  /** The bucket in which evidence is kept, with Object Lock. */
  NIGHTSHIFT_EVIDENCE_BUCKET: named,
  NIGHTSHIFT_OVERRIDES: z.optional(z.string()),
});

export type Environment = z.infer<typeof environmentSchema>;
