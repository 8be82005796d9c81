import type { Dependencies as Common } from "../../shared/dependencies.ts";
import type { SecretRule } from "../../shared/secrets/rules.ts";
import { type Audit, type Audited, audited, effectsOf } from "./audit.ts";
import type { Judged, Told } from "./decide.ts";
import type { Found } from "./found.ts";
import { type Action, actionFor, hostOf, isUnderway } from "./plan.ts";
import { type Publisher, publish } from "./publish.ts";
import { toldOf, writeTold } from "./told.ts";
import type { Verdict } from "./verdict.ts";

export interface Sweep extends Publisher, Pick<Common, "now"> {
  /** The ARN of the function that rotates. */
  rotateFunction: string;
}

export interface Outcome {
  counts: Counts;
  token: string | null;
  actions: Action[];
  /** How many rotations each host bears at the moment. */
  underway: Map<string, number>;
}

/** Audits from `token` on, a page at a time: each is told before the next is asked for. */
export async function sweep(audit: Audit, dependencies: Sweep, token: string | null): Promise<Outcome> {
  const counts: Counts = { verdicts: {}, rules: {} };
  const outcome: Outcome = { counts, token, actions: [], underway: new Map() };
  for await (const page of audited(audit, token)) {
    for (const { judged, findings } of page.decisions) count(counts, judged, findings);
    await tell(audit, dependencies, page);
    plan(audit, dependencies, page, outcome);
    outcome.token = page.token;
  }
  return outcome;
}

/**
 * The bus first, and then what is remembered of it: whoever dies in between tells it again, which only refreshes. What the bus did
 * not take is not remembered either.
 */
async function tell(audit: Audit, dependencies: Sweep, page: Audited): Promise<void> {
  const { now } = dependencies;
  const refused = await publish(dependencies, effectsOf(page), now());
  if (refused.length > 0) audit.observer.gaps.add(`${refused.length} findings were not taken by the bus`);
  const untold = new Set(refused);
  const changed = new Map<string, Told>();
  for (const { resource, state, effects } of page.decisions) {
    if (untold.has(resource)) continue;
    const before = toldOf(audit.told, resource);
    if (effects.length > 0 || before.pending?.version !== state.pending?.version) changed.set(resource, state);
  }
  if (audit.ledger !== null) await writeTold(audit.ledger, changed, now());
  for (const [resource, state] of changed) audit.told.set(resource, state);
}

function plan(audit: Audit, { now, rotateFunction }: Sweep, { observed }: Audited, outcome: Outcome): void {
  for (const each of observed) {
    const host = hostOf(each);
    if (host !== null && isUnderway(each, now(), audit.policy)) {
      outcome.underway.set(host, (outcome.underway.get(host) ?? 0) + 1);
    }
    const action = actionFor(each, now(), audit.policy, rotateFunction);
    if (action === null) continue;
    if (outcome.actions.length < maximumActions) outcome.actions.push(action);
  }
}

/** What is more has to wait for the next audit. */
const maximumActions = 2_000;

/** How many of each, for a log: never a value, and no name. */
export interface Counts {
  verdicts: Partial<Record<Verdict, number>>;
  rules: Partial<Record<SecretRule, number>>;
}

function count(counts: Counts, judged: Judged | null, findings: readonly Found[]): void {
  if (judged !== null) counts.verdicts[judged.verdict] = (counts.verdicts[judged.verdict] ?? 0) + 1;
  for (const { rule } of findings) counts.rules[rule] = (counts.rules[rule] ?? 0) + 1;
}
