import type { BusEvent } from "../../shared/bus.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { type Instant, iso } from "../../shared/instant.ts";
import type { Looked } from "./look.ts";

export const operation = "evaluate-scaling";

export const scalingRules = ["foreign-autoscaler", "target-gone", "not-applied", "at-maximum"] as const;

export type ScalingRule = (typeof scalingRules)[number];

export interface Found {
  rule: ScalingRule;
  message: string;
  remedy: string;
}

/** What is wrong with a target now, and which rules can be said to hold or not: of the others nothing is known. */
export function findingsOf({ record, seen, target }: Looked): { found: Found[]; known: ScalingRule[] } {
  const { verdict, reason, explanation } = record.decision;
  const found: Found[] = [];
  const { name } = target;
  if (seen?.gone) {
    const remedy = `take ${name} out of the configuration, or make it again`;
    found.push({ rule: "target-gone", message: seen.gone, remedy });
  }
  if (seen?.foreign) {
    const remedy = "suspend the other autoscaler's scaling, or take the target out of the configuration";
    found.push({ rule: "foreign-autoscaler", message: `${name}: ${seen.foreign}`, remedy });
  }
  if (verdict === "hold" && reason === "maximum") {
    const remedy = "raise its maximum, or find out why it is so busy";
    found.push({ rule: "at-maximum", message: `${name}: ${explanation}`, remedy });
  }
  // That a target is not at its maximum any more is known as soon as its out rule does not hold.
  const isCalm = verdict !== "unknown" && reason !== "missing-data" && reason !== "maximum";
  const known: ScalingRule[] = [...(seen === null ? [] : (["foreign-autoscaler", "target-gone"] as const))];
  return { found, known: isCalm ? [...known, "at-maximum"] : known };
}

/** A finding, as the bus takes it. */
export function findingEvent(
  name: string,
  found: Found,
  state: "raised" | "cleared",
  at: Instant,
  { scaling }: Configuration,
): BusEvent {
  const { rule, message, remedy } = found;
  const severity = scaling.severities[rule];
  const detail = { version: 1, operation, rule, resource: name, state, severity, message, remedy, at: iso(at) };
  return { type: "Finding", detail, at };
}

export const mended = { message: "it is no longer so", remedy: "nothing: it is mended, or gone" };
