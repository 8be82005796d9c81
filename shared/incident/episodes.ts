import { type Instant, minute, second } from "../instant.ts";
import type { Policy } from "./pages.ts";
import type { Incident, Member } from "./types.ts";

/**
 * Every alarm of the incident's severity had been OK for the stability window, so that only lesser ones stay red, and this
 * one is of that severity: a stuck P3 must not swallow tomorrow's P1.
 */
export function isNewEpisode({ policy }: { policy: Policy }, incident: Incident, member: Member, at: Instant): boolean {
  if (member.flapping || member.severity !== incident.alarmSeverity) return false;
  const { stabilitySeconds, flapping } = policy.incidents;
  const windowMs = stabilitySeconds * second;
  const others = Object.values(incident.members).filter(
    ({ arn, severity }) => arn !== member.arn && severity === member.severity,
  );
  const earlier = member.spans.slice(0, -1);
  return (
    others.length + earlier.length > 0 &&
    earlier.every(({ until }) => (until ?? at) + windowMs <= member.since) &&
    others.every(({ red, since, flapping: flaps, changedAt }) => {
      const settled = !flaps || changedAt + flapping.minutes * minute <= at;
      return !red && settled && since + windowMs <= at;
    })
  );
}
