import { type Instant, second } from "../instant.ts";
import { isKeyLost, keyStateOf } from "./keys.ts";
import type { Evidence, RecoveryPoint, ResourceType } from "./types.ts";

// To which instant a resource could be restored: from what its service states, never from a job's success.

/** One way to restore a resource, and the last instant to which it leads. */
export interface Way {
  mechanism: string;
  at: Instant;
  /** So much it is behind at best, however well everything runs. */
  floorSeconds: number;
  isContinuous: boolean;
  /** The point that it starts from; null where the service keeps none that AWS Backup knows. */
  point: RecoveryPoint | null;
  /** Why nobody can be sure that it leads there, in a sentence; null where it does. */
  doubt: string | null;
}

export interface Floors {
  /** By type, of its continuous backup. */
  continuousSeconds: (type: ResourceType) => number;
  snapshotSeconds: number;
}

/** Only these can be restored from. Anything else, also what nobody knows yet, counts for nothing. */
export function isRestorable({ status }: RecoveryPoint): boolean {
  return status === "COMPLETED" || status === "AVAILABLE";
}

/** All ways, the freshest first: a copy in another region loses no more than one here. A key that decrypts nothing leaves none. */
export function waysOf(evidence: Evidence, now: Instant, floors: Floors): Way[] {
  const usable = evidence.points.filter(isRestorable);
  const ways = [
    ...continuousWays(evidence, usable, now, floors),
    ...usable.flatMap((point) => snapshotWays(point, evidence, floors)),
  ];
  return ways.toSorted((left, right) => right.at - left.at);
}

function continuousWays(evidence: Evidence, usable: readonly RecoveryPoint[], now: Instant, floors: Floors): Way[] {
  const { continuous, type } = evidence.resource;
  if (continuous === null) return [];
  const continued = usable.filter(({ isContinuous, region }) => isContinuous && region === evidence.resource.region);
  const decrypted = continued.filter((each) => !isKeyLost(each, evidence));
  if (decrypted.length === 0 && continued.length > 0) return [];
  const point = decrypted.find((each) => doubtOf(each, evidence) === null) ?? decrypted[0] ?? null;
  const { mechanism, latestAt, lagSeconds } = continuous;
  const floorSeconds = Math.max(floors.continuousSeconds(type), lagSeconds ?? 0);
  const shared = { mechanism, floorSeconds, isContinuous: true, point, doubt: doubtOf(point, evidence) };
  if (latestAt !== null) return [{ ...shared, at: latestAt }];
  // A documented bound holds only while there is a point that is continued.
  if (lagSeconds === null || point === null) return [];
  return [{ ...shared, at: now - lagSeconds * second }];
}

/** A point that was taken once: no later than its beginning, for nobody knows when in between its data were read. */
function snapshotWays(point: RecoveryPoint, evidence: Evidence, { snapshotSeconds }: Floors): Way[] {
  if (point.isContinuous || isKeyLost(point, evidence)) return [];
  const isHere = point.region === evidence.resource.region;
  const isCopied = point.isCopy || !isHere;
  const at = isCopied ? copiedAt(point, evidence.points) : takenAt(point);
  if (at === null) return [];
  const mechanism = isCopied ? (isHere ? "copy" : `copy in ${point.region}`) : "snapshot";
  const doubt = doubtOf(point, evidence);
  return [{ mechanism, at, floorSeconds: snapshotSeconds, isContinuous: false, point, doubt }];
}

function doubtOf(point: RecoveryPoint | null, evidence: Evidence): string | null {
  if (point === null || keyStateOf(point, evidence) !== "unknown") return null;
  return `the state of the key that it is encrypted with (${point.key?.arn ?? "unknown"}) could not be read`;
}

export function takenAt({ consistentAt, initiatedAt, createdAt }: RecoveryPoint): Instant {
  return consistentAt ?? Math.min(initiatedAt ?? createdAt, createdAt);
}

/** So often a copy is copied on, at most. */
const maximumCopies = 8;

/** A copy is as old as what was copied, which may be a copy itself; null where nobody can say how old that is. */
export function copiedAt(copy: RecoveryPoint, all: readonly RecoveryPoint[], depth = maximumCopies): Instant | null {
  if (copy.consistentAt !== null) return copy.consistentAt;
  const source = all.find(({ arn }) => arn === copy.copyOf);
  if (source === undefined || depth === 0) return null;
  const own = takenAt(copy);
  // What is copied of a continuous point is a snapshot of the time at which the copy began.
  if (source.isContinuous) return own;
  const at = source.isCopy ? copiedAt(source, all, depth - 1) : takenAt(source);
  return at === null ? null : Math.min(at, copy.createdAt);
}
