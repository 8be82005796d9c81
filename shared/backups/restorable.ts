import { type Instant, minute, second } from "../instant.ts";
import type { Evidence, RecoveryPoint, Resource, ResourceType } from "./types.ts";

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

/** All ways in the resource's own region, the freshest first. */
export function waysOf({ resource, points }: Evidence, now: Instant, floors: Floors): Way[] {
  const own = points.filter((point) => point.region === resource.region && isRestorable(point));
  const ways = [
    ...continuousWays(resource, own, now, floors),
    ...own.flatMap((point) => snapshotWay(point, points, floors)),
  ];
  return ways.toSorted((left, right) => right.at - left.at);
}

function continuousWays(resource: Resource, own: readonly RecoveryPoint[], now: Instant, floors: Floors): Way[] {
  const { continuous, type } = resource;
  if (continuous === null) return [];
  const point = own.find(({ isContinuous }) => isContinuous) ?? null;
  const { mechanism, latestAt, lagSeconds } = continuous;
  const floorSeconds = Math.max(floors.continuousSeconds(type), lagSeconds ?? 0);
  if (latestAt !== null) return [{ mechanism, at: latestAt, floorSeconds, isContinuous: true, point }];
  // A documented bound holds only while there is a point that is continued.
  if (lagSeconds === null || point === null) return [];
  return [{ mechanism, at: now - lagSeconds * second, floorSeconds, isContinuous: true, point }];
}

/** A point that was taken once: no later than its beginning, for nobody knows when in between its data were read. */
function snapshotWay(point: RecoveryPoint, all: readonly RecoveryPoint[], { snapshotSeconds }: Floors): Way[] {
  if (point.isContinuous) return [];
  const at = point.isCopy ? copiedAt(point, all) : takenAt(point);
  if (at === null) return [];
  return [{ mechanism: "snapshot", at, floorSeconds: snapshotSeconds, isContinuous: false, point }];
}

export function takenAt({ consistentAt, initiatedAt, createdAt }: RecoveryPoint): Instant {
  return consistentAt ?? Math.min(initiatedAt ?? createdAt, createdAt);
}

/** A copy is as old as what was copied; null where nobody can say how old that is. */
export function copiedAt(copy: RecoveryPoint, all: readonly RecoveryPoint[]): Instant | null {
  if (copy.consistentAt !== null) return copy.consistentAt;
  const source = all.find(({ arn }) => arn === copy.copyOf);
  if (source === undefined) return null;
  // What is copied of a continuous point is a snapshot of the time at which the copy began.
  return source.isContinuous ? Math.min(copy.initiatedAt ?? copy.createdAt, copy.createdAt) : takenAt(source);
}

/** How close two clocks are meant to be. */
export const skewMs = minute;
