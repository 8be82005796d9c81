import * as z from "zod/mini";
import { environments } from "../../shared/configuration/environments.ts";

const named = z.string().check(z.minLength(1));

/** The environment variables of this function; infra sets every one of them. */
export const environmentSchema = z.object({
  NIGHTSHIFT_ENVIRONMENT: z.enum(environments),
  /** In which freezes are. */
  NIGHTSHIFT_LEDGER_TABLE: named,
  /** In which decisions are. */
  NIGHTSHIFT_DECISIONS_TABLE: named,
  /** The name of the bus on which decisions and findings are put. */
  NIGHTSHIFT_FINDINGS_BUS: named,
  /** The queue through which this function gives itself its work. */
  NIGHTSHIFT_SHARDS_QUEUE_URL: named,
  NIGHTSHIFT_OVERRIDES: z.optional(z.string()),
});

export type Environment = z.infer<typeof environmentSchema>;
