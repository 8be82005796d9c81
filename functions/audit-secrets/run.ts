import type { ACMClient } from "@aws-sdk/client-acm";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Bus } from "../../shared/bus.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { Unavailable } from "../../shared/failures.ts";
import { cadenceMs } from "../../shared/incident/membership.ts";
import type { Instant } from "../../shared/instant.ts";
import { keepProgress, readProgress } from "../../shared/ledger/progress.ts";
import type { Row } from "../../shared/ledger/rows.ts";
import { type SecretRule, secretRules } from "../../shared/secrets/rules.ts";
import { compareText } from "../../shared/text.ts";
import { act } from "./act.ts";
import { type AuditOptions, audited, beginAudit } from "./audit.ts";
import type { Judged } from "./decide.ts";
import type { Found } from "./found.ts";
import { admitted } from "./plan.ts";
import { sweep } from "./sweep.ts";
import { operation } from "./verdict.ts";

export interface Dependencies extends Common {
  secrets: Pick<SecretsManagerClient, "send">;
  acm: Pick<ACMClient, "send">;
  iam: Pick<IAMClient, "send">;
  kms: Pick<KMSClient, "send">;
  /** On which findings are put. */
  bus: Bus;
  region: string;
  /** The ARN of the function that rotates. */
  rotateFunction: string;
  /** Waits so many milliseconds. */
  wait: (milliseconds: number) => Promise<unknown>;
}

const progressKey: Row = { pk: { S: "sweep" }, sk: { S: operation } };

/**
 * One audit of all secrets of the account and region, or as much of it as there is time for: the next run goes on there. It says
 * `audit complete` when it came to its end with nothing left out: that is its heartbeat.
 */
export async function run(_event: unknown, dependencies: Dependencies): Promise<void> {
  const { table, configuration, now, log, deadline } = dependencies;
  const ledger = { client: dependencies.ledger, table };
  const before = await readProgress(ledger, progressKey);
  const begun = now();
  // A scheduler is not punctual to the second: what comes a little early is not put off by a whole cadence.
  if (before.token === null && begun - before.at < 0.9 * cadenceMs(operation, configuration)) return;
  const hasTime = () => now() < deadline();
  const audit = await beginAudit({ ...dependencies, clients: dependencies, ledger, hasTime });
  const outcome = await sweep(audit, dependencies, before.token);
  const { gaps } = audit.observer;
  const { mode, quotaPercent, rotationsAtOncePerHost } = configuration.auditSecrets;
  const actions = admitted(outcome.actions, outcome.underway, rotationsAtOncePerHost);
  await act({ ...dependencies, ledger, gaps, hasTime, mode, quotaPercent }, actions);
  await keepProgress(ledger, progressKey, before, { begun, token: outcome.token });
  const { counts } = outcome;
  for (const gap of gaps.list) log.warn("not audited", { gap });
  if (outcome.token !== null) log.info("audit handed over", { counts });
  else if (gaps.list.length === 0) log.info("audit complete", { counts });
  const [first] = gaps.list;
  if (first !== undefined) {
    throw new Unavailable(`the audit is incomplete in ${gaps.list.length} places, the first of them: ${first}`);
  }
}

/** What an audit has found, without telling anybody. */
export interface Report {
  at: Instant;
  region: string;
  /** Whether everything could be looked at. */
  complete: boolean;
  /** What could not, in sentences. */
  gaps: readonly string[];
  /** By ARN. */
  secrets: Judged[];
  /** By resource, and then in the order of the rules. */
  findings: Reported[];
}

export interface Reported extends Found {
  resource: string;
}

/** Audits everything, and changes nothing: neither in AWS, nor in the ledger, nor on the bus. */
export async function report(options: AuditOptions): Promise<Report> {
  const at = options.now();
  const audit = await beginAudit(options);
  const secrets: Judged[] = [];
  const findings: Reported[] = [];
  const seen = new Set<string>();
  for await (const { decisions } of audited(audit, null)) {
    for (const { resource, judged, findings: found } of decisions) {
      // A list that changes while it is read may show one twice.
      if (seen.has(resource)) continue;
      seen.add(resource);
      if (judged !== null) secrets.push(judged);
      findings.push(...found.map((each) => ({ resource, ...each })));
    }
  }
  const { list: gaps } = audit.observer.gaps;
  secrets.sort((left, right) => compareText(left.arn, right.arn));
  findings.sort((left, right) => compareText(left.resource, right.resource) || order(left.rule) - order(right.rule));
  return { at, region: options.region, complete: gaps.length === 0, gaps, secrets, findings };
}

function order(rule: SecretRule): number {
  return secretRules.indexOf(rule);
}
