import * as z from "zod/mini";
import { environments } from "../../shared/configuration/environments.ts";

/** The environment variables of this function; infra sets every one of them. */
export const environmentSchema = z.object({
  NIGHTSHIFT_ENVIRONMENT: z.enum(environments),
  NIGHTSHIFT_LEDGER_TABLE: z.string().check(z.minLength(1)),
  /** The name of the bus on which findings are put. */
  NIGHTSHIFT_FINDINGS_BUS: z.string().check(z.minLength(1)),
  /** The ARN of rotate-secrets, which is attached to secrets. */
  NIGHTSHIFT_ROTATE_FUNCTION_ARN: z.string().check(z.minLength(1)),
  NIGHTSHIFT_OVERRIDES: z.optional(z.string()),
});

export type Environment = z.infer<typeof environmentSchema>;
