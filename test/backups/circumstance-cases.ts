import type { BackupRule, KeyState } from "../../shared/backups/types.ts";
import { abroad, type Case, continued, days, evidence, hours, log, point, region, resource } from "./scene.ts";

// What is so beside how fresh the points are: who is held to what, what could not be looked at, clocks, keys, locks.

const never = Number.POSITIVE_INFINITY;
const completed = { lastJob: "COMPLETED" } as const;
const met = { verdict: "MET", findings: [] } as const;
const fresh = resource({ continuous: log(4) });
const optOut = {
  "nightshift:backup": "none",
  "nightshift:backup-reason": "a cache",
  "nightshift:backup-until": "2026-03-31",
};

function tagged(says: string, tags: Record<string, string>, findings: readonly BackupRule[] | "exempt"): Case {
  const verdict = findings === "exempt" ? "EXEMPT" : "BREACHED";
  return {
    ...{ says, evidence: evidence({ resource: resource({ tags }) }), lastJob: null, lostMinutes: never, verdict },
    findings: findings === "exempt" ? [] : findings,
  };
}

const optOuts: readonly Case[] = [
  tagged("opted out with reason and day", optOut, "exempt"),
  tagged(
    "opted out until today: the last day counts",
    { ...optOut, "nightshift:backup-until": "2026-03-10" },
    "exempt",
  ),
  ...[
    ["which ended yesterday", { ...optOut, "nightshift:backup-until": "2026-03-09" }] as const,
    ["without a reason", { "nightshift:backup": "none", "nightshift:backup-until": "2026-03-31" }] as const,
    ["with a blank for a reason", { ...optOut, "nightshift:backup-reason": " " }] as const,
    ["without a day", { "nightshift:backup": "none", "nightshift:backup-reason": "a cache" }] as const,
    ["until a day that there is not", { ...optOut, "nightshift:backup-until": "2026-02-30" }] as const,
    ["in another word", { ...optOut, "nightshift:backup": "no" }] as const,
  ].map(([says, tags]) => tagged(`opted out ${says}`, tags, ["unprotected", "opt-out-invalid"])),
];

const development = { environment: "development" } as const;
const exempt = { verdict: "EXEMPT", findings: [] } as const;

const environments: readonly Case[] = [
  {
    says: "nothing in development",
    ...development,
    evidence: evidence(),
    lastJob: null,
    lostMinutes: never,
    ...exempt,
  },
  {
    says: "a leftover in development that AWS could not delete",
    ...{ ...development, evidence: evidence({ points: [point(90 * days, { status: "EXPIRED" })] }), ...completed },
    ...{ lostMinutes: never, ...exempt, findings: ["point-expired"] },
  },
  {
    says: "a snapshot of yesterday in development",
    ...{ ...development, evidence: evidence({ points: [point(23 * hours)] }), ...completed },
    ...{ lostMinutes: 23 * hours, ...met },
  },
  {
    says: "a snapshot of three days ago in development",
    ...{ ...development, evidence: evidence({ points: [point(3 * days)] }), ...completed },
    ...{ lostMinutes: 3 * days, verdict: "BREACHED", findings: ["objective-breached"] },
  },
  {
    says: "a continuous backup in development that stopped",
    ...{ ...development, evidence: evidence({ points: [continued(9 * days, { status: "STOPPED" })] }), ...completed },
    ...{ lostMinutes: 2 * days, verdict: "BREACHED", findings: ["unprotected", "continuous-stopped"] },
  },
  {
    says: "a resource of staging in the stack of production",
    evidence: evidence({
      resource: resource({ tags: { "nightshift:environment": "staging" } }),
      points: [point(3 * hours)],
    }),
    ...{ ...completed, lostMinutes: 3 * hours, ...met },
  },
  {
    says: "a resource of production in the stack of development, without any backup",
    ...development,
    evidence: evidence({ resource: resource({ tags: { "nightshift:environment": "production" } }) }),
    ...{ lastJob: null, lostMinutes: never, verdict: "BREACHED", findings: ["unprotected"] },
  },
];

const notKnown = { verdict: "UNKNOWN", findings: ["not-known"] } as const;
const unread = new Map([[region, "AccessDeniedException: not authorized to list points"]]);

const unknowns: readonly Case[] = [
  { says: "points that could not be read", evidence: evidence({ unread }), ...completed, lostMinutes: 90, ...notKnown },
  {
    says: "points that could not be read, and a log that is",
    ...{ evidence: evidence({ resource: fresh, unread }), ...completed, lostMinutes: 4, ...met },
  },
  {
    says: "points of development that could not be read",
    ...{ ...development, evidence: evidence({ unread }), ...completed, lostMinutes: 9 * days, ...notKnown },
  },
  {
    says: "points of another region that could not be read",
    evidence: evidence({ unread: new Map([[abroad, "no answer"]]), points: [point(9 * hours)] }),
    ...{ environment: "staging", ...completed, lostMinutes: 9 * hours },
    ...{ verdict: "BREACHED", findings: ["objective-breached"] },
  },
  {
    says: "a service that does not say how far its log reaches",
    evidence: evidence({ resource: resource({ unknown: "RDS does not answer" }), points: [point(60)] }),
    ...{ ...completed, lostMinutes: 60, ...notKnown },
  },
  {
    says: "tags that could not be read: it may be of a stricter environment",
    environment: "staging",
    evidence: evidence({ resource: resource({ tags: null }), points: [point(3 * hours)] }),
    ...{ ...completed, lostMinutes: 3 * hours, ...notKnown },
  },
  {
    says: "a tag that names no environment",
    ...development,
    evidence: evidence({ resource: resource({ tags: { "nightshift:environment": "prod" } }) }),
    ...{ lastJob: null, lostMinutes: never, ...notKnown },
  },
];

const clocks: readonly Case[] = [
  {
    says: "a clock that is two hours ahead, and known to be",
    ...{ environment: "staging", clock: { aheadMinutes: 120, isMeasured: true } },
    ...{ evidence: evidence({ points: [point(3 * hours)] }), ...completed, lostMinutes: 3 * hours, ...met },
  },
  {
    says: "a clock that is two hours behind, and known to be",
    ...{ environment: "staging", clock: { aheadMinutes: -120, isMeasured: true } },
    ...{ evidence: evidence({ points: [point(5 * hours)] }), ...completed, lostMinutes: 5 * hours },
    ...{ verdict: "BREACHED", findings: ["objective-breached"] },
  },
  {
    says: "a clock that is behind, and nobody knows",
    clock: { aheadMinutes: -30, isMeasured: false },
    ...{ evidence: evidence({ resource: fresh }), ...completed, lostMinutes: 4 },
    ...{ verdict: "UNKNOWN", findings: ["clock-skewed"] },
  },
  {
    says: "a clock that is behind by less than the tolerance",
    clock: { aheadMinutes: -4.5, isMeasured: false },
    ...{ evidence: evidence({ resource: fresh }), ...completed, lostMinutes: 4, ...met },
  },
];

const arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
const key = { arn, isAwsManaged: false };

function keyed(state: KeyState | null, rest: Pick<Case, "verdict" | "findings" | "lostMinutes">, others = 0): Case {
  const more = Array.from({ length: others }, () => point(3 * hours));
  const keys = new Map(state === null ? [] : [[arn, state] as const]);
  return {
    says: `a key that is ${state ?? "not known"}${others > 0 ? ", and an older point without it" : ""}`,
    environment: "staging",
    ...{ evidence: evidence({ points: [point(60, { key }), ...more], keys }), ...completed, ...rest },
  };
}

const lost = { verdict: "BREACHED", findings: ["unprotected", "key-unusable"], lostMinutes: never } as const;

const keys: readonly Case[] = [
  keyed("enabled", { ...met, lostMinutes: 60 }),
  keyed("disabled", lost),
  keyed("pending-deletion", lost),
  keyed("pending-deletion", { verdict: "MET", findings: ["key-unusable"], lostMinutes: 3 * hours }, 1),
  keyed(null, { ...notKnown, lostMinutes: never }),
  keyed(null, { ...met, lostMinutes: 3 * hours }, 1),
  {
    says: "a key that AWS manages",
    environment: "staging",
    evidence: evidence({ points: [point(60, { key: { arn, isAwsManaged: true } })] }),
    ...{ ...completed, lostMinutes: 60, ...met },
  },
  {
    says: "a bucket's continuous backup under a key that is disabled",
    environment: "staging",
    evidence: evidence({ resource: fresh, points: [continued(9 * days, { key })], keys: new Map([[arn, "disabled"]]) }),
    ...{ ...completed, ...lost },
  },
];

export const circumstanceCases: readonly Case[] = [...[...optOuts, ...environments, ...unknowns, ...clocks, ...keys]];
