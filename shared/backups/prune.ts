import { day } from "../instant.ts";
import { takenAt } from "./restorable.ts";
import type { RecoveryPoint } from "./types.ts";
import { numberOf } from "./words.ts";

// A resource may have thousands of points, and few of them say anything: the freshest of each place, and what is wrong.

/** By resource, the points that are held: as few as tell the same as all of them. */
export type HeldPoints = Map<string, RecoveryPoint[]>;

/** Takes a page of points in, of copies with the instant of what was copied: that may not be held. What is held of a resource does not grow with the number of its points. */
export function hold(held: HeldPoints, page: readonly RecoveryPoint[]): void {
  for (const [resource, points] of Map.groupBy(page, ({ resourceArn }) => resourceArn)) {
    held.set(resource, pruned([...(held.get(resource) ?? []), ...points]));
  }
}

/** Two of each kind in each place at most: the freshest, and the one that was created last. */
export function pruned(points: readonly RecoveryPoint[]): RecoveryPoint[] {
  return [...Map.groupBy(points, kindOf).values()].flatMap((same) => {
    const [freshest, last] = [greatest(same, takenAt), greatest(same, ({ createdAt }) => createdAt)];
    const [kept, number] = [[...new Set([...freshest, ...last])], numberOf(same)];
    return kept.map((point, index) => ({ ...point, standsFor: index === 0 ? number - kept.length + 1 : 1 }));
  });
}

/** The first of those that have the greatest value; none of none. */
function greatest(points: readonly RecoveryPoint[], of: (point: RecoveryPoint) => number): RecoveryPoint[] {
  const [first, ...others] = points;
  if (first === undefined) return [];
  return [others.reduce((best, point) => (of(point) > of(best) ? point : best), first)];
}

/** What two points must have in common for one of them to say nothing that the other does not. */
function kindOf(point: RecoveryPoint): string {
  const { region, vault, status, isContinuous, isCopy, key, malware, deleteAt, createdAt, consistentAt } = point;
  const keptFor = deleteAt === null ? null : Math.floor((deleteAt - createdAt) / day);
  const isDated = consistentAt !== null;
  return JSON.stringify([region, vault, status, isContinuous, isCopy, isDated, key, malware === "threats", keptFor]);
}
