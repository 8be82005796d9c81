import * as z from "zod/mini";
import { environments } from "../../shared/configuration/environments.ts";
import type { Severity } from "../../shared/severity.ts";

const topicArn = z.string().check(z.startsWith("arn:"));

/** The environment variables of this function; infra sets every one of them. */
export const environmentSchema = z.object({
  NIGHTSHIFT_ENVIRONMENT: z.enum(environments),
  NIGHTSHIFT_LEDGER_TABLE: z.string().check(z.minLength(1)),
  NIGHTSHIFT_OVERRIDES: z.optional(z.string()),
  NIGHTSHIFT_TOPIC_P0: topicArn,
  NIGHTSHIFT_TOPIC_P1: topicArn,
  NIGHTSHIFT_TOPIC_P2: topicArn,
  NIGHTSHIFT_TOPIC_P3: topicArn,
});

export type Environment = z.infer<typeof environmentSchema>;

/** The topic of each severity. */
export function topicsOf(variables: Environment): Record<Severity, string> {
  const { NIGHTSHIFT_TOPIC_P0: P0, NIGHTSHIFT_TOPIC_P1: P1 } = variables;
  const { NIGHTSHIFT_TOPIC_P2: P2, NIGHTSHIFT_TOPIC_P3: P3 } = variables;
  return { P0, P1, P2, P3 };
}
