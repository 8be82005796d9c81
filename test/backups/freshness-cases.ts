import { second } from "../../shared/instant.ts";
import {
  abroad,
  ago,
  bound,
  bucket,
  type Case,
  continued,
  copyOf,
  days,
  evidence,
  hours,
  log,
  now,
  point,
  resource,
} from "./scene.ts";

// How fresh a resource is, by each mechanism. Production may lose five minutes, staging four hours, testing a day.

const never = Number.POSITIVE_INFINITY;
const table = resource({ type: "DynamoDB", arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" });
const volume = resource({ type: "EBS", arn: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1" });
const completed = { lastJob: "COMPLETED" } as const;
const met = { verdict: "MET", findings: [] } as const;
const breached = { verdict: "BREACHED", findings: ["objective-breached"] } as const;
const unattainable = { verdict: "UNATTAINABLE", findings: ["objective-unattainable"] } as const;
const unprotected = { verdict: "BREACHED", findings: ["unprotected"] } as const;
const logAt = (at: number) => ({ mechanism: "automated backups", latestAt: at, lagSeconds: null });

function logged(says: string, behindMinutes: number, rest: Pick<Case, "verdict" | "findings">): Case {
  const { latestAt } = log(behindMinutes);
  const database = resource({ continuous: logAt(latestAt ?? now) });
  const points = [continued(21 * days)];
  return {
    says,
    evidence: evidence({ resource: database, points }),
    ...completed,
    lostMinutes: behindMinutes,
    ...rest,
  };
}

const logs: readonly Case[] = [
  logged("a log that is four minutes behind, of a point that was created three weeks ago", 4, met),
  logged("a log that is exactly as old as the objective", 5, met),
  logged("a log that is as old as objective and tolerance", 6, met),
  logged("a log that is a millisecond older than objective and tolerance", 6 + 1 / 60_000, breached),
  logged("a log that has been standing still for fifty minutes, while every job is COMPLETED", 50, breached),
  {
    says: "a cluster's log, without any point that AWS Backup knows",
    evidence: evidence({ resource: resource({ type: "Aurora", continuous: log(5) }) }),
    ...{ lastJob: null, lostMinutes: 5, ...met },
  },
  {
    says: "point-in-time recovery of a table, without any point",
    evidence: evidence({ resource: { ...table, continuous: { ...log(5), mechanism: "point-in-time recovery" } } }),
    ...{ lastJob: null, lostMinutes: 5, ...met },
  },
  {
    says: "a standing log, and a snapshot that is fresher",
    evidence: evidence({ resource: resource({ continuous: log(90) }), points: [continued(21 * days), point(20)] }),
    ...{ ...completed, lostMinutes: 20, ...breached },
  },
  {
    says: "continuous backup that fell back to snapshots two days ago",
    evidence: evidence({
      points: [continued(21 * days, { status: "STOPPED" }), point(2 * days), point(30)],
    }),
    ...{ ...completed, lostMinutes: 30, verdict: "BREACHED" },
    findings: ["objective-breached", "continuous-stopped", "fallback-to-snapshot"],
  },
  {
    says: "continuous backup that fell back to a snapshot of two minutes ago",
    evidence: evidence({ points: [continued(21 * days, { status: "EXPIRED" }), point(2)] }),
    ...{ ...completed, lostMinutes: 2, verdict: "BREACHED" },
    findings: ["objective-breached", "point-expired", "fallback-to-snapshot"],
  },
  {
    says: "a bucket whose continuous backup was stopped and begun anew by a change of its retention",
    environment: "staging",
    evidence: evidence({
      resource: bucket,
      points: [continued(90 * days, { status: "STOPPED" }), continued(1 * days)],
    }),
    ...{ ...completed, lostMinutes: 15, ...met },
  },
];

const floors: readonly Case[] = [
  {
    says: "a database with snapshots alone, where five minutes may be lost",
    evidence: evidence({ points: [point(40)] }),
    ...{ ...completed, lostMinutes: 40, ...unattainable },
  },
  {
    says: "a volume with a snapshot of two minutes ago, where five may be lost",
    evidence: evidence({ resource: volume, points: [point(2)] }),
    ...{ ...completed, lostMinutes: 2, ...unattainable },
  },
  {
    says: "a table with snapshots alone, where five minutes may be lost",
    evidence: evidence({ resource: table, points: [point(70)] }),
    ...{ ...completed, lostMinutes: 70, ...unattainable },
  },
  {
    says: "a bucket's continuous backup, where five minutes may be lost",
    evidence: evidence({ resource: bucket, points: [continued(21 * days)] }),
    ...{ ...completed, lostMinutes: 15, ...unattainable },
  },
  {
    says: "a bucket whose continuous backup stopped, where five minutes may be lost",
    evidence: evidence({ resource: bucket, points: [continued(21 * days, { status: "STOPPED" }), point(30)] }),
    ...{ ...completed, lostMinutes: 30, verdict: "UNATTAINABLE" },
    findings: ["objective-unattainable", "continuous-stopped", "fallback-to-snapshot"],
  },
  {
    says: "a bucket with continuous backup switched on, and no point",
    environment: "staging",
    evidence: evidence({ resource: bucket }),
    ...{ lastJob: null, lostMinutes: never, ...unprotected },
  },
  {
    says: "a bucket with snapshots alone",
    environment: "staging",
    evidence: evidence({ resource: { ...bucket, continuous: null }, points: [point(3 * hours)] }),
    ...{ ...completed, lostMinutes: 3 * hours, ...met },
  },
  {
    says: "a file system whose service says nothing, held to a documented bound without a point",
    environment: "staging",
    evidence: evidence({ resource: resource({ type: "EFS", continuous: bound }), points: [point(9 * hours)] }),
    ...{ ...completed, lostMinutes: 9 * hours, ...breached },
  },
];

const fourHours = 4 * hours;

function staged(
  says: string,
  points: Case["evidence"]["points"],
  lostMinutes: number,
  rest: typeof met | object,
): Case {
  return {
    ...{ says, environment: "staging", evidence: evidence({ points }), ...completed, lostMinutes, ...met },
    ...rest,
  };
}

const source = point(9 * hours);
const early = point(3 * hours);
const stoppedSource = continued(21 * days, { status: "STOPPED" });
const first = copyOf(source, 40);

const snapshots: readonly Case[] = [
  staged("a snapshot of exactly four hours ago", [point(fourHours)], fourHours, met),
  staged("a snapshot of four hours and the tolerance ago", [point(fourHours + 1)], fourHours + 1, met),
  staged("a snapshot of a minute more", [point(fourHours + 2)], fourHours + 2, breached),
  staged("a snapshot in no vault, made by the service", [point(2 * hours, { vault: null })], 2 * hours, met),
  staged(
    "a snapshot of three hours ago whose last transaction is five hours old",
    [point(3 * hours, { consistentAt: ago(5 * hours) })],
    5 * hours,
    breached,
  ),
  staged(
    "a snapshot that was begun five hours ago, with a last transaction of three and a half",
    [point(3 * hours, { initiatedAt: ago(5 * hours), consistentAt: ago(3.5 * hours) })],
    3.5 * hours,
    met,
  ),
  staged(
    "a snapshot that was begun five hours ago and took two",
    [point(3 * hours, { initiatedAt: ago(5 * hours) })],
    5 * hours,
    breached,
  ),
  staged("a copy of ten minutes ago of a snapshot of nine hours ago", [source, copyOf(source, 10)], 540, breached),
  staged("a copy of ten minutes ago whose source is gone", [copyOf(null, 10)], 9 * hours, unprotected),
  staged(
    "a copy whose source is gone, and whose service states the last transaction",
    [copyOf(null, 10, { consistentAt: ago(2 * hours) })],
    2 * hours,
    met,
  ),
  staged("a copy of a copy of a snapshot of nine hours ago", [source, first, copyOf(first, 5)], 540, breached),
  staged("a copy of a snapshot of three hours ago", [{ ...early, status: "EXPIRED" }, copyOf(early, 100)], 180, {
    findings: ["point-expired"],
  }),
  staged(
    "a copy of what was continuous is a snapshot of when it was copied",
    [stoppedSource, copyOf(stoppedSource, 2 * hours, { initiatedAt: ago(3 * hours) })],
    3 * hours,
    { findings: ["continuous-stopped"] },
  ),
  staged(
    "only a copy in another region, of a snapshot that has gone",
    [{ ...early, status: "DELETING" }, copyOf(early, 60, { region: abroad })],
    3 * hours,
    met,
  ),
  staged(
    "a point in another region, of which nobody can say what it is a copy of",
    [point(10, { region: abroad })],
    540,
    unprotected,
  ),
  staged("a failed night before a good one", [point(2 * hours), point(20 * hours, { status: "EXPIRED" })], 120, {
    findings: ["point-expired"],
  }),
  staged("never backed up", [], never, { ...unprotected, lastJob: null }),
  staged("its last backup of three days ago, and a job that failed since", [point(3 * days)], 3 * days, {
    ...breached,
    lastJob: "FAILED",
  }),
  {
    says: "a daily backup that began later than yesterday's",
    environment: "testing",
    evidence: evidence({ points: [point(24 * hours + 20)] }),
    ...{ ...completed, lostMinutes: 24 * hours + 20, ...breached },
  },
  {
    says: "a daily backup of this morning, after a job that failed",
    environment: "testing",
    evidence: evidence({
      points: [point(6 * hours)],
      jobs: [
        { id: "1", resourceArn: "a", kind: "backup", state: "FAILED", message: "no role", at: now - 60 * second },
        { id: "2", resourceArn: "a", kind: "copy", state: "ABORTED", message: null, at: now - 90 * second },
      ],
    }),
    ...{ lastJob: "FAILED", lostMinutes: 6 * hours, verdict: "MET", findings: ["job-failed"] },
  },
];

export const freshnessCases: readonly Case[] = [...logs, ...floors, ...snapshots];
