import { hour, type Instant, second } from "../../shared/instant.ts";
import { throttling } from "./cloudwatch-errors.ts";
import type { MetricQuery } from "./cloudwatch-metric-queries.ts";

/** How many datapoints a second may be asked for: where the beginning is at most three hours ago, and where it is longer ago. */
export interface DatapointQuota {
  recentPerSecond: number;
  olderPerSecond: number;
}

/** What is left of each of the two. */
export type Spending = Map<keyof DatapointQuota, { datapoints: number; at: Instant }>;

interface Asked {
  queries: readonly MetricQuery[];
  ageMs: number;
  from: Instant;
  to: Instant;
  maximumDatapoints: number;
  now: Instant;
}

const recent = 3 * hour;

/**
 * Throws as CloudWatch does when it is asked for more than that. What counts is what the question could give, not what is
 * there: series without a point are counted as full ones. Source: "CloudWatch service quotas" in the user guide.
 */
export function checkQuota(spending: Spending, quota: DatapointQuota, asked: Asked): void {
  const { now, ageMs } = asked;
  const kind = ageMs <= recent ? "recentPerSecond" : "olderPerSecond";
  const perSecond = quota[kind];
  const before = spending.get(kind) ?? { datapoints: perSecond, at: now };
  const refilled = before.datapoints + ((now - before.at) / second) * perSecond;
  const datapoints = Math.min(perSecond, refilled);
  spending.set(kind, { datapoints, at: now });
  const wanted = datapointsOf(asked);
  // A question that is larger than the quota is answered by a quota that is whole.
  if (datapoints < Math.min(wanted, perSecond)) throw throttling();
  spending.set(kind, { datapoints: datapoints - wanted, at: now });
}

function datapointsOf({ queries, from, to, maximumDatapoints }: Asked): number {
  const all = queries.reduce((sum, query) => sum + Math.ceil((to - from) / (query.periodSeconds * second)), 0);
  return Math.min(all, maximumDatapoints);
}
