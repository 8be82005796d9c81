import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant, iso, minute } from "../instant.ts";
import { copiedAt, isRestorable, type Way } from "./restorable.ts";
import type { BackupRule, Copy, Evidence, Found, Judged, KeyState, Lock, RecoveryPoint } from "./types.ts";

// What is to be known of backups beyond their freshness.

type Beyond = Pick<Judged, "copies" | "lock" | "key" | "findings">;
type Tell = (rule: BackupRule, message: string, remedy: string) => Found;

export function beyond(evidence: Evidence, ways: readonly Way[], configuration: Configuration, now: Instant): Beyond {
  const tell: Tell = (rule, message, remedy) => ({
    ...{ rule, severity: configuration.backups.severities[rule], message, remedy },
  });
  const copies = copiesOf(evidence);
  const lock = worstLock(evidence);
  const key = worstKey(evidence);
  const findings = [
    ...statusFindings(evidence, ways, tell),
    ...copyFindings(evidence, copies, configuration, now, tell),
    ...lockFindings(lock, configuration, tell),
    ...keyFindings(evidence, tell),
    ...retentionFindings(evidence, configuration, tell),
    ...malwareFindings(evidence, tell),
    ...jobFindings(evidence, tell),
  ];
  return { copies, lock, key, findings };
}

/** By region and vault: the freshest that can be restored from; one that cannot has no instant. */
function copiesOf({ resource, points }: Evidence): Copy[] {
  const copies = points.filter(({ isCopy, region }) => isCopy || region !== resource.region);
  const byPlace = Map.groupBy(copies, ({ region, vault }) => `${region} ${vault ?? ""}`);
  return [...byPlace.values()]
    .map((same): Copy => {
      const instants = same.flatMap((copy) => (isRestorable(copy) ? (copiedAt(copy, points) ?? []) : []));
      const { region, vault } = same[0] ?? { region: resource.region, vault: null };
      return { region, vault: vault ?? "none", restorableAt: instants.length === 0 ? null : Math.max(...instants) };
    })
    .toSorted((left, right) => compare(left.region, right.region) || compare(left.vault, right.vault));
}

const locks: readonly Lock[] = ["unknown", "none", "governance", "cooling-off", "compliance"];

/** Of the vaults that hold a point that can be restored from, the one that protects least; null where no vault holds one. */
function worstLock({ points, vaults }: Evidence): Lock | null {
  const held = points.filter(isRestorable).flatMap(({ vault, region }) => {
    if (vault === null) return [];
    return vaults.find((each) => each.name === vault && each.region === region)?.lock ?? "unknown";
  });
  return locks.find((lock) => held.includes(lock)) ?? null;
}

const keyStates: readonly KeyState[] = [
  "pending-deletion",
  "disabled",
  "unknown",
  "enabled",
  "aws-managed",
  "aws-owned",
];

/** The state of the key that is nearest to making a point useless; null where there is no point. */
function worstKey(evidence: Evidence): KeyState | null {
  const states = evidence.points.filter(isRestorable).map((point) => keyStateOf(point, evidence));
  return keyStates.find((state) => states.includes(state)) ?? null;
}

function keyStateOf({ key }: RecoveryPoint, { keys }: Evidence): KeyState {
  if (key === null) return "aws-owned";
  return key.isAwsManaged ? "aws-managed" : (keys.get(key.arn) ?? "unknown");
}

const known = ["COMPLETED", "AVAILABLE", "CREATING", "PARTIAL", "STOPPED", "EXPIRED", "DELETING"];

function statusFindings({ resource, points }: Evidence, ways: readonly Way[], tell: Tell): Found[] {
  const of = (status: string) => points.filter((point) => point.status === status);
  const findings: Found[] = [];
  const [stopped] = of("STOPPED");
  if (stopped !== undefined) {
    const message = `its continuous backup in ${stopped.vault ?? "no vault"} has stopped${said(stopped)}: what is written since then is lost`;
    findings.push(
      tell("continuous-stopped", message, "look why (a changed retention, a taken permission), and start it again"),
    );
  }
  const expired = of("EXPIRED");
  if (expired.length > 0) {
    const message = `${expired.length} points are past their retention, and AWS could not delete them${said(expired[0])}`;
    findings.push(
      tell(
        "point-expired",
        message,
        "delete them by hand, and let AWS Backup's role delete: they cost, and count for nothing",
      ),
    );
  }
  const partial = of("PARTIAL");
  if (partial.length > 0) {
    findings.push(
      tell("point-partial", `${partial.length} points lack some of their parts`, "look at the jobs of their parts"),
    );
  }
  const strange = [...new Set(points.map(({ status }) => status))].filter((status) => !known.includes(status));
  if (strange.length > 0) {
    findings.push(
      tell(
        "status-unknown",
        `a status that nobody knows here: ${strange.join(", ")}; it counts for nothing`,
        "update Nightshift",
      ),
    );
  }
  const fallback = fallbackOf({ resource, points }, ways);
  return fallback === null
    ? findings
    : [
        ...findings,
        tell("fallback-to-snapshot", fallback, "switch its continuous backup on again, and see the job's message"),
      ];
}

function said(point: RecoveryPoint | undefined): string {
  return point?.statusMessage ? ` (${point.statusMessage})` : "";
}

/** AWS Backup makes a snapshot where continuous backup fails, and calls that a success. */
function fallbackOf({ resource, points }: Pick<Evidence, "resource" | "points">, ways: readonly Way[]): string | null {
  const continued = points.filter(({ isContinuous, region }) => isContinuous && region === resource.region);
  const isRunning = ways.some(({ isContinuous }) => isContinuous);
  if (isRunning || continued.length === 0) return null;
  const began = Math.max(...continued.map(({ createdAt }) => createdAt));
  const later = points.find(({ isContinuous, createdAt, isCopy }) => !isContinuous && !isCopy && createdAt > began);
  return later === undefined
    ? null
    : `continuous backup was replaced by snapshots, since ${iso(later.createdAt)} at the latest`;
}

function copyFindings(
  { unread }: Evidence,
  copies: readonly Copy[],
  { backups }: Configuration,
  now: Instant,
  tell: Tell,
): Found[] {
  return backups.copies.flatMap(({ region, objectiveMinutes }): Found[] => {
    const there = copies.filter((copy) => copy.region === region);
    const newest = Math.max(...there.map(({ restorableAt }) => restorableAt ?? 0), 0);
    if (unread.has(region)) return [];
    if (there.length === 0) {
      const remedy = `add a copy to ${region} to its backup rule`;
      return [tell("copy-missing", `there is no copy of it in ${region}, where the policy wants one`, remedy)];
    }
    if (now - newest <= objectiveMinutes * minute) return [];
    const age = newest === 0 ? "can be restored from or is of a known age" : `is younger than ${iso(newest)}`;
    return [tell("copy-stale", `no copy of it in ${region} ${age}`, "look at its copy jobs")];
  });
}

const strength: Record<Lock, number> = { unknown: 0, none: 0, governance: 1, "cooling-off": 1, compliance: 2 };

function lockFindings(lock: Lock | null, { backups }: Configuration, tell: Tell): Found[] {
  if (lock === null || strength[lock] >= strength[backups.lock]) return [];
  const message = `a vault that holds it is locked ${lock === "none" ? "not at all" : `as ${lock}`}, and the policy wants ${backups.lock}`;
  return [tell("vault-unlocked", message, "lock the vault (aws backup put-backup-vault-lock-configuration)")];
}

function keyFindings(evidence: Evidence, tell: Tell): Found[] {
  const lost = evidence.points.filter(isRestorable).filter((point) => {
    const state = keyStateOf(point, evidence);
    return state === "disabled" || state === "pending-deletion";
  });
  const [first] = lost;
  if (first === undefined) return [];
  const message = `${lost.length} points are encrypted with a key that is ${keyStateOf(first, evidence)} (${first.key?.arn ?? "unknown"}): without it nobody restores them`;
  return [tell("key-unusable", message, "cancel the key's deletion or enable it, before it is gone")];
}

function retentionFindings({ points }: Evidence, { backups }: Configuration, tell: Tell): Found[] {
  if (backups.retentionDays === null) return [];
  const wanted = backups.retentionDays * day;
  const short = points.filter(
    (point) =>
      isRestorable(point) &&
      !point.isContinuous &&
      point.deleteAt !== null &&
      point.deleteAt - point.createdAt < wanted,
  );
  if (short.length === 0) return [];
  const message = `${short.length} points are kept for less than ${backups.retentionDays} days`;
  return [tell("retention-short", message, "raise deleteAfterDays in its backup rule")];
}

function malwareFindings({ points }: Evidence, tell: Tell): Found[] {
  const infected = points.filter(({ malware }) => malware === "threats");
  if (infected.length === 0) return [];
  const message = `malware was found in ${infected.length} of its points`;
  return [tell("malware-found", message, "restore from a clean one, and look how it came in")];
}

function jobFindings({ jobs }: Evidence, tell: Tell): Found[] {
  const failed = jobs.filter(({ state }) => state !== "COMPLETED");
  const flawed = jobs.filter(({ state }) => state === "COMPLETED");
  const words = ({ kind, state, message, at }: Evidence["jobs"][number]) =>
    `its ${kind} job of ${iso(at)} ended as ${state}${message === null ? "" : `: ${message}`}`;
  return [
    ...failed.slice(-1).map((job) => tell("job-failed", words(job), "see the job's message; the next one may be well")),
    ...flawed
      .slice(-1)
      .map((job) => tell("job-with-issues", words(job), "see the job's message: not all may be in the backup")),
  ];
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
