import type { BackupRule, Verdict } from "../../shared/backups/types.ts";
import { ago, bucket, type Case, continued, copyOf, days, evidence, hours, log, point, resource } from "./scene.ts";

// Each status of a point, of the three sorts of point, in an environment that may lose four hours.

const never = Number.POSITIVE_INFINITY;

type Row = [status: string, verdict: Verdict, findings: readonly BackupRule[], lostMinutes: number];

const once: readonly Row[] = [
  ["COMPLETED", "MET", [], 65],
  ["AVAILABLE", "MET", [], 65],
  ["CREATING", "BREACHED", ["unprotected"], never],
  ["PARTIAL", "BREACHED", ["unprotected", "point-partial"], never],
  ["STOPPED", "BREACHED", ["unprotected", "continuous-stopped"], never],
  ["EXPIRED", "BREACHED", ["unprotected", "point-expired"], never],
  ["DELETING", "BREACHED", ["unprotected"], never],
  ["RECONSIDERING", "BREACHED", ["unprotected", "status-unknown"], never],
];

const snapshots = once.map(
  ([status, verdict, findings, lostMinutes]): Case => ({
    says: `a snapshot of an hour ago that is ${status}`,
    environment: "staging",
    evidence: evidence({ points: [point(60, { status, initiatedAt: ago(65) })] }),
    ...{ lastJob: "COMPLETED", lostMinutes, verdict, findings },
  }),
);

/** Created three weeks ago, and continued: until a quarter of an hour ago, or not since six hours. */
const continuous = once.map(
  ([status, verdict, findings]): Case => ({
    says: `the continuous backup of a bucket that is ${status}`,
    environment: "staging",
    evidence: evidence({ resource: bucket, points: [continued(21 * days, { status })] }),
    ...{ lastJob: "COMPLETED", lostMinutes: verdict === "MET" ? 15 : 6 * hours, verdict, findings },
  }),
);

/** Copied ten minutes ago, of what was taken three hours ago and is gone. */
const copies = once.map(([status, verdict, findings]): Case => {
  const source = point(3 * hours, { status: "DELETING" });
  return {
    says: `a copy in another vault, of a point of three hours ago, that is ${status}`,
    environment: "staging",
    evidence: evidence({ points: [source, copyOf(source, 10, { status })] }),
    ...{ lastJob: "COMPLETED", lostMinutes: verdict === "MET" ? 3 * hours : never, verdict, findings },
  };
});

/** The log goes on, whatever becomes of the point by which AWS Backup knows it. */
const logs = once.map(([status, , findings]): Case => {
  const beyond = findings.filter((rule) => rule !== "unprotected");
  return {
    says: `a log that is four minutes behind, while AWS Backup's point of it is ${status}`,
    evidence: evidence({ resource: resource({ continuous: log(4) }), points: [continued(21 * days, { status })] }),
    ...{ lastJob: "COMPLETED", lostMinutes: 4, verdict: "MET", findings: beyond },
  };
});

export const statusCases: readonly Case[] = [...snapshots, ...continuous, ...copies, ...logs];
