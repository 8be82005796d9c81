import type { Configuration } from "../configuration/schema.ts";
import { day, type Instant, iso, minute, second } from "../instant.ts";
import { compareText } from "../text.ts";
import { isKeyLost, keyStateOf, worstKey } from "./keys.ts";
import { copiedAt, isRestorable, type Way } from "./restorable.ts";
import { statusFindings, type Tell } from "./statuses.ts";
import type { Copy, Evidence, Found, Judged, Lock } from "./types.ts";
import { counted, numberOf } from "./words.ts";

// What is to be known of backups beyond their freshness.

type Beyond = Pick<Judged, "copies" | "lock" | "key" | "findings">;

export function beyond(evidence: Evidence, ways: readonly Way[], configuration: Configuration, now: Instant): Beyond {
  const tell: Tell = (rule, message, remedy) => ({
    ...{ rule, severity: configuration.backups.severities[rule], message, remedy },
  });
  const copies = copiesOf(evidence);
  const lock = worstLock(evidence);
  const key = worstKey(evidence.points.filter(isRestorable), evidence);
  const findings = [
    ...statusFindings(evidence, ways, now, tell),
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
function copiesOf(evidence: Evidence): Copy[] {
  const { resource, points } = evidence;
  const copies = points.filter(({ isCopy, region }) => isCopy || region !== resource.region);
  const byPlace = Map.groupBy(copies, ({ region, vault }) => `${region} ${vault ?? ""}`);
  return [...byPlace.values()]
    .map((same): Copy => {
      const usable = same.filter((copy) => isRestorable(copy) && !isKeyLost(copy, evidence));
      const instants = usable.flatMap((copy) => copiedAt(copy, points) ?? []);
      const { region, vault } = same[0] ?? { region: resource.region, vault: null };
      return { region, vault: vault ?? "none", restorableAt: instants.length === 0 ? null : Math.max(...instants) };
    })
    .toSorted((left, right) => compareText(left.region, right.region) || compareText(left.vault, right.vault));
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

/** One finding for each rule, however many regions lack a copy: it is one thing to mend, the backup rule. */
function copyFindings(
  { resource, unread }: Evidence,
  copies: readonly Copy[],
  { backups }: Configuration,
  now: Instant,
  tell: Tell,
): Found[] {
  const asked = backups.copies.filter(({ region }) => region !== resource.region && !unread.has(region));
  const there = asked.map((wanted) => ({ ...wanted, held: copies.filter(({ region }) => region === wanted.region) }));
  const missing = there.filter(({ held }) => held.length === 0).map(({ region }) => region);
  const stale = there
    .map(({ held, ...wanted }) => ({ ...wanted, newest: newestOf(held), exists: held.length > 0 }))
    .filter(({ exists, newest, objectiveMinutes }) => {
      const limitMs = objectiveMinutes * minute + backups.toleranceSeconds * second;
      return exists && (newest === null || now - newest > limitMs);
    })
    .map(({ region, newest }) => `${region} ${newest === null ? "(none with a known age)" : `(${iso(newest)})`}`);
  const lacking = `there is no copy of it in ${missing.join(", ")}, where the policy wants one`;
  const late = `the newest copy of it that can be restored from is too old in ${stale.join(", ")}`;
  return [
    ...(missing.length === 0
      ? []
      : [tell("copy-missing", lacking, `add a copy to ${missing.join(", ")} to its backup rule`)]),
    ...(stale.length === 0 ? [] : [tell("copy-stale", late, "look at its copy jobs")]),
  ];
}

function newestOf(copies: readonly Copy[]): Instant | null {
  const instants = copies.flatMap(({ restorableAt }) => restorableAt ?? []);
  return instants.length === 0 ? null : Math.max(...instants);
}

const strength: Record<Lock, number> = { unknown: 0, none: 0, governance: 1, "cooling-off": 1, compliance: 2 };

function lockFindings(lock: Lock | null, { backups }: Configuration, tell: Tell): Found[] {
  if (lock === null || strength[lock] >= strength[backups.lock]) return [];
  const words = { none: "is not locked", unknown: "could not be asked for its lock" };
  const how = lock === "none" || lock === "unknown" ? words[lock] : `is locked as ${lock}`;
  const message = `a vault that holds it ${how}, and the policy wants ${backups.lock}`;
  return [tell("vault-unlocked", message, "lock the vault (aws backup put-backup-vault-lock-configuration)")];
}

function keyFindings(evidence: Evidence, tell: Tell): Found[] {
  const lost = evidence.points.filter((point) => isRestorable(point) && isKeyLost(point, evidence));
  const [first] = lost;
  if (first === undefined) return [];
  const message = `${counted(lost, "is", "are")} encrypted with a key that is ${keyStateOf(first, evidence)} (${first.key?.arn ?? "unknown"}): without it nobody restores from that`;
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
  const message = `${counted(short, "is", "are")} kept for less than ${backups.retentionDays} days`;
  return [tell("retention-short", message, "raise deleteAfterDays in its backup rule")];
}

function malwareFindings({ points }: Evidence, tell: Tell): Found[] {
  const infected = points.filter(({ malware }) => malware === "threats");
  if (infected.length === 0) return [];
  const message = `malware was found in ${numberOf(infected)} of its points`;
  return [tell("malware-found", message, "restore from a clean one, and look how it came in")];
}

function jobFindings({ jobs }: Evidence, tell: Tell): Found[] {
  const inOrder = jobs.toSorted((left, right) => left.at - right.at);
  const failed = inOrder.filter(({ state }) => state !== "COMPLETED");
  const flawed = inOrder.filter(({ state }) => state === "COMPLETED");
  const words = ({ kind, state, message, at }: Evidence["jobs"][number]) =>
    `its ${kind} job of ${iso(at)} ended as ${state}${message === null ? "" : `: ${message}`}`;
  return [
    ...failed.slice(-1).map((job) => tell("job-failed", words(job), "see the job's message; the next one may be well")),
    ...flawed
      .slice(-1)
      .map((job) => tell("job-with-issues", words(job), "see the job's message: not all may be in the backup")),
  ];
}
