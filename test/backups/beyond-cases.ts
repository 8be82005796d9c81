import type { BackupRule } from "../../shared/backups/types.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { day } from "../../shared/instant.ts";
import { abroad, ago, type Case, copyOf, evidence, hours, log, now, point, region, resource } from "./scene.ts";

// What is to be told of a resource whose log is fresh: its copies, locks, retention, malware, jobs.

const fresh = resource({ continuous: log(4) });
const completed = { lastJob: "COMPLETED" } as const;

function beyond(
  says: string,
  configure: (configuration: Configuration) => void,
  parts: Partial<Case["evidence"]>,
  ...findings: BackupRule[]
): Case {
  const all = evidence({ resource: fresh, ...parts });
  return { ...{ says, configure, evidence: all, ...completed, lostMinutes: 4 }, verdict: "MET", findings };
}

const wantsLock = ({ backups }: Configuration) => Object.assign(backups, { lock: "compliance" });
const wantsCopy = ({ backups }: Configuration) =>
  Object.assign(backups, { copies: [{ region: abroad, objectiveMinutes: 600 }] });
const wantsMonth = ({ backups }: Configuration) => Object.assign(backups, { retentionDays: 35 });
const asShipped = () => {};
const vaults = (lock: "governance" | "cooling-off" | "compliance" | "unknown") => [{ name: "main", region, lock }];
const source = point(8 * hours);
const old = point(11 * hours);
const job = { id: "1", resourceArn: "a", kind: "backup", message: null, at: now } as const;

export const beyondCases: readonly Case[] = [
  beyond("a vault that is not locked", wantsLock, { points: [point(60)] }, "vault-unlocked"),
  beyond(
    "a vault that people may unlock",
    wantsLock,
    { points: [point(60)], vaults: vaults("governance") },
    "vault-unlocked",
  ),
  beyond(
    "a lock that is cooling off",
    wantsLock,
    { points: [point(60)], vaults: vaults("cooling-off") },
    "vault-unlocked",
  ),
  beyond("a vault that could not be asked", wantsLock, { points: [point(60)], vaults: [] }, "vault-unlocked"),
  beyond("a vault that nobody can unlock", wantsLock, { points: [point(60)], vaults: vaults("compliance") }),
  beyond(
    "a point that is kept for a week",
    wantsMonth,
    { points: [point(60, { deleteAt: ago(60) + 7 * day })] },
    "retention-short",
  ),
  beyond("a point that is kept long enough", wantsMonth, { points: [point(60, { deleteAt: ago(60) + 35 * day })] }),
  beyond("a point that is kept for ever", wantsMonth, { points: [point(60)] }),
  beyond("malware in a point", asShipped, { points: [point(60, { malware: "threats" })] }, "malware-found"),
  beyond("a scan that found nothing", asShipped, { points: [point(60, { malware: "clean" })] }),
  beyond("a job that failed", asShipped, { jobs: [{ ...job, state: "FAILED" }] }, "job-failed"),
  beyond("a job with issues", asShipped, { jobs: [{ ...job, state: "COMPLETED" }] }, "job-with-issues"),
  beyond("no copy abroad", wantsCopy, { points: [source] }, "copy-missing"),
  beyond("a copy abroad", wantsCopy, { points: [source, copyOf(source, 60, { region: abroad })] }),
  beyond(
    "a copy abroad of an old point",
    wantsCopy,
    { points: [old, copyOf(old, 5, { region: abroad })] },
    "copy-stale",
  ),
  beyond(
    "a copy abroad that is not ready",
    wantsCopy,
    { points: [source, copyOf(source, 5, { region: abroad, status: "CREATING" })] },
    "copy-stale",
  ),
  beyond("a region abroad that does not answer", wantsCopy, { unread: new Map([[abroad, "no answer"]]) }),
  beyond("a resource that is abroad itself", wantsCopy, { resource: { ...fresh, region: abroad } }),
];
