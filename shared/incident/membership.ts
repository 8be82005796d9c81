import { minute, second } from "../instant.ts";
import type { Policy } from "./pages.ts";
import type { Incident, Member } from "./types.ts";

// Which alarms an incident lists must not depend on the order in which their transitions came. An incident is a chain of
// red times of which each begins before the one before it has been stable, and out of reach of a reopening, for long.

/** How long after a red time another one still belongs to the same incident, in milliseconds. */
export function reach(incident: Pick<Incident, "kind" | "key">, policy: Policy): number {
  const { stabilitySeconds, reopenMinutes } = policy.incidents;
  if (incident.kind !== "finding") return stabilitySeconds * second + reopenMinutes * minute;
  return 2 * cadenceMs(incident.key, policy);
}

/** How often the operation of a finding looks, in milliseconds. A finding's key begins with its operation. */
export function cadenceMs(key: string, policy: Policy): number {
  const [operation = ""] = key.split("|");
  const { cadences, cadenceMinutes } = policy.findings;
  return (Object.hasOwn(cadences, operation) ? (cadences[operation] ?? cadenceMinutes) : cadenceMinutes) * minute;
}

/**
 * So many alarms fit into one incident's row, with the longest names that Latin letters make. One more that is red opens an incident of its
 * own, so that it is paged and resolved like any other.
 */
export const maximumMembers = 120;

/** True when an incident has no room for another alarm: all that it lists are red. */
export function isFull({ members }: Incident): boolean {
  const all = Object.values(members);
  return all.length >= maximumMembers && all.filter(({ red }) => red).length >= maximumMembers;
}

/** What fits of these alarms: the red ones before the others, the newest first. */
export function fitting(members: Readonly<Record<string, Member>>): Record<string, Member> {
  const entries = Object.entries(members);
  if (entries.length <= maximumMembers) return { ...members };
  const wanted = entries.sort(
    ([, left], [, right]) => Number(right.red) - Number(left.red) || right.changedAt - left.changedAt,
  );
  return Object.fromEntries(wanted.slice(0, maximumMembers));
}

/**
 * Of all alarms known under a key, those that belong to its open incident: the newest red time, and whatever is linked to it.
 */
export function chainOf(known: Readonly<Record<string, Member>>, reachMs: number): Record<string, Member> {
  const spans = Object.values(known)
    .flatMap(({ arn, spans }) => spans.map((span) => ({ arn, from: span.from, until: span.until ?? never })))
    .sort((left, right) => right.until - left.until);
  const chain = new Set<string>();
  let begins = spans[0]?.from ?? 0;
  for (const { arn, from, until } of spans) {
    // The spans come by their ends: when one is out of reach, so are all that follow.
    if (until + reachMs < begins) break;
    chain.add(arn);
    begins = Math.min(begins, from);
  }
  return Object.fromEntries(Object.entries(known).filter(([arn]) => chain.has(arn)));
}

/** Later than any stamp. Infinity would do, but for that it cannot be subtracted from itself. */
const never = Number.MAX_SAFE_INTEGER;
