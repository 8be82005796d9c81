import { day, type Instant, iso } from "../../shared/instant.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { type SecretRule, secretRules } from "../../shared/secrets/rules.ts";
import type { Severity } from "../../shared/severity.ts";
import { ending, type Found } from "./found.ts";
import { exemptionOf, kindOf } from "./kind.ts";
import type { Observed, StoredCertificate } from "./observed.ts";
import { findingsOf, type Rules } from "./rules.ts";
import { certificateTiming, intervalTiming, type Oldest, oldestOf, type Timing, type Verdict } from "./verdict.ts";

/** What was told of one resource, and what must be remembered until it is looked at again. */
export interface Told {
  raised: Partial<Record<SecretRule, { severity: Severity; at: Instant }>>;
  /** A version that is being made, and since when it is seen. */
  pending: { version: string; at: Instant } | null;
}

export const nothingTold: Told = { raised: {}, pending: null };

/** One secret, as the report shows it. */
export interface Judged {
  arn: string;
  name: string;
  kind: string | null;
  intervalDays: number | null;
  oldestLiveCredential: Oldest | null;
  verdict: Verdict;
  /** What to do, in a sentence; null when there is nothing. */
  remedy: string | null;
  dueAt: Instant | null;
  notAfter: Instant | null;
  /** Why it is held to no policy; null when it is. */
  exemption: string | null;
}

export interface Effect {
  type: "raise" | "clear";
  resource: string;
  found: Found;
}

export interface Decision {
  state: Told;
  effects: Effect[];
  judged: Judged;
  findings: Found[];
}

export interface AuditPolicy extends Rules {
  region: string;
}

/** What is to be said of one secret now, given what was said of it before. */
export function decide(state: Told, observed: Observed, now: Instant, policy: AuditPolicy): Decision {
  const { secret } = observed;
  const { arn, pending: version, current } = secret;
  const exemption = exemptionOf(secret, policy.region, now, policy.policy);
  const isPending = version !== null && version !== current;
  const seen = isPending && state.pending?.version === version ? state.pending : null;
  const pending = isPending && exemption === null ? (seen ?? { version, at: now }) : null;
  const findings = exemption === null ? findingsOf(observed, now, seen?.at ?? null, policy) : [];
  const told = tell({ ...state, pending }, arn, findings, now);
  return { ...told, judged: judge(observed, exemption, findings, now, policy), findings };
}

/** A certificate that ACM or IAM keeps, and that somebody has to renew. */
export function decideCertificate(
  state: Told,
  certificate: StoredCertificate,
  now: Instant,
  policy: AuditPolicy,
): Omit<Decision, "judged"> {
  const findings = certificateFindings(certificate, now, policy);
  return { ...tell(state, certificate.arn, findings, now), findings };
}

/** What is not there any more has nothing wrong with it. */
export function decideGone(state: Told, resource: string, now: Instant): Omit<Decision, "judged"> {
  return { ...tell({ ...state, pending: null }, resource, [], now), findings: [] };
}

/** What is new, or worse than it was said to be, is told; what is told already only once a day again. */
function tell(
  state: Told,
  resource: string,
  findings: readonly Found[],
  now: Instant,
): Omit<Decision, "judged" | "findings"> {
  const raised: Told["raised"] = {};
  const effects: Effect[] = [];
  for (const found of findings) {
    const before = state.raised[found.rule];
    const isKnown = before !== undefined && before.severity === found.severity && now - before.at < refreshMs;
    raised[found.rule] = isKnown ? before : { severity: found.severity, at: now };
    if (!isKnown) effects.push({ type: "raise", resource, found });
  }
  for (const rule of secretRules) {
    const before = state.raised[rule];
    if (before !== undefined && raised[rule] === undefined) {
      effects.push({ type: "clear", resource, found: { rule, severity: before.severity, ...cleared } });
    }
  }
  return { state: { raised, pending: state.pending }, effects };
}

const refreshMs = day;
const cleared = { message: "it is no longer so", remedy: "nothing: it is mended, or gone" };

function judge(
  observed: Observed,
  exemption: string | null,
  findings: readonly Found[],
  now: Instant,
  { policy }: AuditPolicy,
): Judged {
  const { secret, certificate } = observed;
  const kind = kindOf(secret, policy);
  const notAfter = certificate === null || isFailure(certificate) ? null : certificate.notAfter;
  const intervalDays = kind.name === null ? null : kind.intervalDays;
  const shared = { arn: secret.arn, name: secret.name, kind: kind.name, intervalDays, exemption };
  if (exemption !== null) {
    return { ...shared, oldestLiveCredential: null, verdict: "EXEMPT", remedy: null, dueAt: null, notAfter: null };
  }
  const { verdict, dueAt } = timingOf(observed, now, policy);
  const oldest = oldestOf(observed);
  const remedy = remedyFor(verdict, oldest, findings, dueAt);
  return { ...shared, oldestLiveCredential: oldest, verdict, remedy, dueAt, notAfter };
}

/** When it is due, as its kind or its value says it. */
export function timingOf(observed: Observed, now: Instant, policy: Rules["policy"]): Timing {
  const kind = kindOf(observed.secret, policy);
  if (kind.name === null) return { verdict: "UNKNOWN", dueAt: null };
  if (kind.intervalDays !== null) return intervalTiming(observed, kind.intervalDays, now, policy);
  const { certificate } = observed;
  if (certificate === null || isFailure(certificate)) return { verdict: "UNKNOWN", dueAt: null };
  return certificateTiming(certificate, now, policy);
}

/** The worst finding says it; where none does, the verdict. */
function remedyFor(
  verdict: Judged["verdict"],
  { basis }: Oldest,
  findings: readonly Found[],
  dueAt: Instant | null,
): string | null {
  const [worst] = findings.toSorted((left, right) => left.severity.localeCompare(right.severity));
  if (worst !== undefined) return worst.remedy;
  if (verdict === "OK") return null;
  if (verdict === "DUE") return `rotate it now: it is due since ${dueAt === null ? "a while" : iso(dueAt)}`;
  if (basis === "bound" && dueAt !== null) {
    return "rotate it once with Nightshift, which records when credentials are born and die: nothing proves that an old one is dead";
  }
  return "let the audit read it: its value says when it ends";
}

function certificateFindings(certificate: StoredCertificate, now: Instant, { policy }: AuditPolicy): Found[] {
  const { arn, notBefore, notAfter, renewal, inUse, name } = certificate;
  const lifetimeMs = notBefore === null ? Number.POSITIVE_INFINITY : notAfter - notBefore;
  const { dueAt, isLate, isPressing } = certificateTiming({ notAfter, lifetimeMs }, now, policy);
  if (!isLate) return [];
  const severity = isPressing ? "P1" : policy.secrets.severities["certificate-expiring"];
  const used = inUse === null ? "" : inUse ? ", and is in use" : ", and is not in use";
  const why = whyNot[renewal];
  const message = `${name}: ${ending(notAfter, now)}${used}; ${why}, and its renewal was due at ${iso(dueAt)}`;
  return [{ rule: "certificate-expiring", severity, message, remedy: certificateRemedy(certificate, arn) }];
}

const whyNot: Record<StoredCertificate["renewal"], string> = {
  "by hand": "it is not renewed by itself",
  "by its store": "ACM has not renewed it",
  "refused by its store": "ACM will not renew it",
};

function certificateRemedy({ renewal, inUse }: StoredCertificate, arn: string): string {
  if (inUse === false) return `delete it when nobody needs it: aws acm delete-certificate --certificate-arn ${arn}`;
  if (renewal === "by hand" && arn.includes(":acm:")) {
    return `aws acm import-certificate --certificate-arn ${arn} with the new certificate, its key and its chain`;
  }
  if (renewal === "by hand")
    return "upload the new certificate to IAM, or better import it into ACM, and use it instead";
  return `see why: aws acm describe-certificate --certificate-arn ${arn}; restore its validation record, or ask for a new one`;
}
