import type { Configuration } from "../../shared/configuration/schema.ts";
import { fits } from "../../shared/incident/classify.ts";
import { day, type Instant } from "../../shared/instant.ts";
import { kindTag } from "../../shared/secrets/tags.ts";
import type { Secret } from "./observed.ts";

type Policy = Pick<Configuration, "secrets">;

/** A secret's kind; null with what is wrong when nobody says it, or two say different ones. */
export type Kind = { name: string; tagged: boolean; intervalDays: number | null } | { name: null; problem: string };

/** The tag says it, else the first match of the configuration. Whoever contradicts another is not believed, and neither is the other. */
export function kindOf({ tags, name }: Secret, { secrets }: Policy): Kind {
  const tag = tags[kindTag];
  const matched = secrets.matches.filter((match) => fits(match.secret, name)).map(({ kind }) => kind);
  const stated = [...new Set([...(tag === undefined ? [] : [tag]), ...matched])];
  const [kind] = stated;
  if (kind === undefined) return { name: null, problem: "nobody says its kind, so no policy is known for it" };
  if (stated.length > 1) {
    const who = tag === undefined ? "two of secrets.matches fit" : `its tag ${kindTag} and secrets.matches differ`;
    return { name: null, problem: `${who}: ${stated.join(", ")}` };
  }
  const known = Object.hasOwn(secrets.kinds, kind) ? secrets.kinds[kind] : undefined;
  if (known !== undefined) return { name: kind, tagged: tag !== undefined, intervalDays: known.rotateDays };
  return { name: null, problem: `its kind ${kind} is none of secrets.kinds` };
}

/** Why a secret is held to no policy of ours; null when it is. */
export function exemptionOf(secret: Secret, region: string, now: Instant, { secrets }: Policy): string | null {
  if (secret.deletedAt !== null) return "it is being deleted";
  if (secret.owningService !== null) return `${secret.owningService} owns it, and rotates it`;
  if (secret.type !== null) return `it is kept outside, by ${secret.type}`;
  if (secret.primaryRegion !== null && secret.primaryRegion !== region) {
    return `it is a replica, and audited in ${secret.primaryRegion}`;
  }
  const exemption = secrets.exemptions.find((each) => fits(each.secret, secret.name) && now < endOf(each.until));
  return exemption === undefined ? null : `until ${exemption.until}: ${exemption.reason}`;
}

/** The last day counts. */
function endOf(date: string): Instant {
  return Date.parse(`${date}T00:00:00Z`) + day;
}
