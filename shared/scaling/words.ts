import { type Instant, iso } from "../instant.ts";
import type { Judged, Rule } from "./types.ts";

// What decisions are said with.

/** A rule's out condition, as the policy words it. */
export function outWords(rule: Rule | undefined): string {
  return rule?.out ? `${rule.metric} > ${rule.out.above} ${rule.out.words}` : "";
}

/** A rule's in condition, as the policy words it. */
export function inWords(rule: Rule | undefined): string {
  return rule?.in ? `${rule.metric} < ${rule.in.below} ${rule.in.words}` : "";
}

/** The newest value of each metric. */
export function valuesOf(metrics: readonly Judged[]): string {
  return metrics.map(({ metric, newest }) => `${metric} ${newest === null ? "–" : shown(newest.value)}`).join(", ");
}

/** At most three decimals. */
export function shown(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

/** For people: the instant without its fraction of a second. */
export function shownTime(at: Instant): string {
  return iso(at).replace(/\.\d{3}Z$/, "Z");
}
