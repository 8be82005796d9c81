import type { Instant } from "../instant.ts";
import { kindTag, type Tags } from "./tags.ts";

/** What decides whether a secret is ours to rotate, as a list or a description tells it. */
export interface Ownership {
  tags: Tags;
  /** The service that manages it, for example rds. */
  owningService: string | null;
  /** Of a secret whose value lives outside of AWS. */
  type: string | null;
  /** Where the primary is, of one that is replicated. */
  primaryRegion: string | null;
  deletedAt: Instant | null;
}

/** Why a secret is not rotated by us, in a few words; null when it is ours. */
export function skipReason(secret: Ownership, region: string): string | null {
  return alienReason(secret, region) ?? (secret.tags[kindTag] === undefined ? `it has no tag ${kindTag}` : null);
}

/** Why nobody but AWS, or another region, can rotate it. */
export function alienReason(
  { owningService, type, primaryRegion, deletedAt }: Ownership,
  region: string,
): string | null {
  if (deletedAt !== null) return "it is marked for deletion";
  if (owningService !== null) return `it is managed by ${owningService}`;
  if (type !== null) return `it is an external secret (${type})`;
  if (primaryRegion !== null && primaryRegion !== region) return `it is a replica; its primary is in ${primaryRegion}`;
  return null;
}
