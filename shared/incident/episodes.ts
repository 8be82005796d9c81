import { type Instant, minute, second } from "../instant.ts";
import type { Policy } from "./pages.ts";
import type { Incident, Member } from "./types.ts";

/**
 * Every alarm of the incident's severity had been OK for the stability window, so that only lesser ones stay red, and this
 * one is of that severity: a stuck P3 must not swallow tomorrow's P1.
 */
export function isNewEpisode({ policy }: { policy: Policy }, incident: Incident, member: Member, at: Instant): boolean {
  if (member.flapping || member.kind !== "alarm" || member.severity !== incident.alarmSeverity) return false;
  const { stabilitySeconds, flapping } = policy.incidents;
  const others = Object.values(incident.members).filter(
    ({ arn, severity }) => arn !== member.arn && severity === member.severity,
  );
  const [last, before] = [member.spans.at(-1), member.spans.at(-2)];
  const wasOk =
    last === undefined || before === undefined || last.from - (before.until ?? at) >= stabilitySeconds * second;
  return (
    (others.length > 0 || before !== undefined) &&
    wasOk &&
    others.every(({ red, since, flapping: flaps, changedAt }) => {
      const settled = !flaps || changedAt + flapping.minutes * minute <= at;
      return !red && settled && since + stabilitySeconds * second <= at;
    })
  );
}
