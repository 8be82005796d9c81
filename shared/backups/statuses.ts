import { type Instant, iso, second } from "../instant.ts";
import { isRestorable, type Way } from "./restorable.ts";
import type { BackupRule, Evidence, Found, RecoveryPoint } from "./types.ts";
import { counted } from "./words.ts";

export type Tell = (rule: BackupRule, message: string, remedy: string) => Found;

const known = ["COMPLETED", "AVAILABLE", "CREATING", "PARTIAL", "STOPPED", "EXPIRED", "DELETING"];

/** What the statuses of a resource's points say beyond that some count and some do not. */
export function statusFindings(evidence: Evidence, ways: readonly Way[], now: Instant, tell: Tell): Found[] {
  const { points } = evidence;
  const of = (status: string) => points.filter((point) => point.status === status);
  const [expired, partial] = [of("EXPIRED"), of("PARTIAL")];
  const strange = [...new Set(points.map(({ status }) => status))].filter((status) => !known.includes(status));
  const update = "update Nightshift, or tell its makers";
  const costs = "delete them by hand, and let AWS Backup's role delete: they cost, and count for nothing";
  return [
    ...stopped(of("STOPPED"), ways, tell),
    ...expired
      .slice(0, 1)
      .map((first) =>
        tell(
          "point-expired",
          `${counted(expired, "is", "are")} past retention and could not be deleted${said(first)}`,
          costs,
        ),
      ),
    ...partial
      .slice(0, 1)
      .map((first) =>
        tell(
          "point-partial",
          `${counted(partial, "lacks", "lack")} some of the parts${said(first)}`,
          "look at the jobs of their parts",
        ),
      ),
    ...(strange.length === 0
      ? []
      : [tell("status-unknown", `nobody knows here what ${strange.join(", ")} means: it counts for nothing`, update)]),
    ...fallback(evidence, ways, now, tell),
  ];
}

/** A point that another one continues, as after a change of its retention, is no loss. */
function stopped(points: readonly RecoveryPoint[], ways: readonly Way[], tell: Tell): Found[] {
  const [first] = points;
  if (first === undefined || ways.some(({ isContinuous, point }) => isContinuous && point !== null)) return [];
  const message = `its continuous backup in ${first.vault ?? "no vault"} has stopped${said(first)}: it holds nothing of what is written since then`;
  return [
    tell("continuous-stopped", message, "look why (a changed retention, a taken permission), and start it again"),
  ];
}

function said({ statusMessage }: RecoveryPoint): string {
  return statusMessage ? ` (${statusMessage})` : "";
}

/** AWS Backup makes a snapshot where continuous backup fails, and calls that a success. */
function fallback({ resource, points }: Evidence, ways: readonly Way[], now: Instant, tell: Tell): Found[] {
  const own = points.filter(({ region, isCopy }) => region === resource.region && !isCopy);
  const continued = own.filter(({ isContinuous }) => isContinuous);
  if (continued.length === 0 || ways.some((way) => isRunning(way, now))) return [];
  const began = Math.max(...continued.map(({ createdAt }) => createdAt));
  const later = own.filter((point) => !point.isContinuous && isRestorable(point) && point.createdAt > began);
  if (later.length === 0) return [];
  const since = iso(Math.min(...later.map(({ createdAt }) => createdAt)));
  const message = `continuous backup was replaced by snapshots, since ${since} at the latest`;
  return [
    tell("fallback-to-snapshot", message, "switch its continuous backup on again, and see the message of its job"),
  ];
}

/** Where AWS Backup has no point of it, the service may still keep its log itself. */
function isRunning({ isContinuous, point, at, floorSeconds }: Way, now: Instant): boolean {
  return isContinuous && (point !== null || now - at <= 2 * floorSeconds * second);
}
