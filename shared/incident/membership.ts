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
 * So many alarms fit into one incident's row, with the longest names that Latin letters make; of long names in others
 * fewer do. One more that is red opens an incident of its own, so that it is paged and resolved like any other.
 */
const maximumMembers = 120;

/** Together with the alarms that are only remembered, and with all else, they stay below the 400 KB of a row. */
const maximumBytes = 270_000;

/** Whether another alarm fits beside these. */
export function hasRoom(members: readonly Member[]): boolean {
  return members.length < maximumMembers && bytesOf(members) + maximumMemberBytes <= maximumBytes;
}

/** True when an incident has no room for another alarm: all that it lists are red. */
export function isFull({ members }: Incident): boolean {
  return !hasRoom(Object.values(members).filter(({ red }) => red));
}

/** What fits of these alarms: the red ones before the others, the newest first. */
export function fitting(members: Readonly<Record<string, Member>>): Record<string, Member> {
  const all = Object.values(members);
  if (all.length <= maximumMembers && bytesOf(all) <= maximumBytes) return { ...members };
  const wanted = Object.entries(members).sort(
    ([, left], [, right]) => Number(right.red) - Number(left.red) || right.changedAt - left.changedAt,
  );
  let left = maximumBytes;
  const fits = wanted.slice(0, maximumMembers).filter(([, member]) => {
    left -= bytesOf([member]);
    return left >= 0;
  });
  return Object.fromEntries(fits);
}

/** At most, with every time of being red and a mute: its ARN is written twice. */
function bytesOf(members: readonly Member[]): number {
  return members.reduce((sum, { arn, name }) => sum + fixedBytes + 2 * written(arn) + written(name), 0);
}

function written(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

const fixedBytes = 1_350;
/** One with the longest name of any alphabet. */
const maximumMemberBytes = 4_000;

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
