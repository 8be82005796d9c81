import { day } from "../instant.ts";
import { isRestorable, takenAt } from "./restorable.ts";
import type { RecoveryPoint } from "./types.ts";

// A resource may have thousands of points, and few of them say anything: the freshest of each place, and what is wrong.

/** By resource, the points that are held: as few as tell the same as all of them. */
export type HeldPoints = Map<string, RecoveryPoint[]>;

/** Takes a page of points in. What is held of a resource does not grow with the number of its points. */
export function hold(held: HeldPoints, page: readonly RecoveryPoint[]): void {
  for (const [resource, points] of Map.groupBy(page, ({ resourceArn }) => resourceArn)) {
    held.set(resource, pruned([...(held.get(resource) ?? []), ...points]));
  }
}

/** One of each kind in each place, the freshest. */
export function pruned(points: readonly RecoveryPoint[]): RecoveryPoint[] {
  const kept = new Map<string, RecoveryPoint>();
  for (const point of points) {
    const kind = kindOf(point);
    const other = kept.get(kind);
    if (other === undefined || isFresher(point, other)) kept.set(kind, point);
  }
  return [...kept.values()];
}

/** What two points must have in common for one of them to say nothing that the other does not. */
function kindOf({
  region,
  vault,
  status,
  isContinuous,
  isCopy,
  key,
  malware,
  deleteAt,
  createdAt,
}: RecoveryPoint): string {
  const keptFor = deleteAt === null ? null : Math.floor((deleteAt - createdAt) / day);
  return JSON.stringify([region, vault, status, isContinuous, isCopy, key?.arn, malware === "threats", keptFor]);
}

function isFresher(point: RecoveryPoint, other: RecoveryPoint): boolean {
  return isRestorable(point) ? takenAt(point) > takenAt(other) : point.createdAt > other.createdAt;
}
