/** Worst first. */
export const severities = ["P0", "P1", "P2", "P3"] as const;
export type Severity = (typeof severities)[number];

export const tiers = ["critical", "high", "medium", "low"] as const;
export type Tier = (typeof tiers)[number];

/** True when `left` is worse than `right`. */
export function outranks(left: Severity, right: Severity): boolean {
  return left < right;
}

export function worst(left: Severity, right: Severity): Severity {
  return outranks(right, left) ? right : left;
}
