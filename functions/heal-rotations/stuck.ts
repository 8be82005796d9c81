import { type ListSecretsCommandOutput, ListSecretVersionIdsCommand } from "@aws-sdk/client-secrets-manager";
import { hour, type Instant } from "../../shared/instant.ts";
import { keepProgress, readProgress } from "../../shared/ledger/progress.ts";
import { type Described, describe, describedFrom, describeIfThere } from "../../shared/secrets/described.ts";
import { listSecrets } from "../../shared/secrets/listing.ts";
import { takePending } from "../../shared/secrets/promote.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { readRecord, readSuccession } from "../../shared/secrets/records.ts";
import { skipReason } from "../../shared/secrets/skips.ts";
import { versionAt, wasCurrent } from "../../shared/secrets/stages.ts";
import { kindTag } from "../../shared/secrets/tags.ts";
import { decide, evidenceTable, type Verdict } from "./decide.ts";
import { look, type Sight } from "./evidence.ts";
import { holdingSecret } from "./lease.ts";
import { repair } from "./repair.ts";
import { saidSecrets, say, settle } from "./saying.ts";
import { attempt, isFrozen, type Sweep } from "./sweep.ts";

const progressKey = { pk: { S: "heal-rotations" }, sk: { S: "stuck" } };

/**
 * Every tagged secret, once an hour: is there one whose rotation broke off and blocks all later ones? A page at a time, and what
 * there is no time for is left to the next sweep. Looking twice does no harm.
 */
export async function healStuck(sweep: Sweep): Promise<void> {
  const { ledger, now, hasTime } = sweep;
  const before = await readProgress(ledger, progressKey);
  const begun = now();
  if (before.token === null && begun - before.at < hour) return;
  let token = before.token;
  let isDone = false;
  while (!isDone && hasTime()) {
    const page = await listSecrets(sweep.outside.secrets, tagged, token);
    if (!(await healPage(sweep, page))) break;
    token = page.NextToken ?? null;
    isDone = token === null;
  }
  if (isDone) await settleOthers(sweep);
  if (!isDone && token === before.token) return;
  await keepProgress(ledger, progressKey, before, { begun, token });
}

const tagged = { Filters: [{ Key: "tag-key" as const, Values: [kindTag] }] };

/** False when there was no time for all of it. */
async function healPage(sweep: Sweep, { SecretList = [] }: ListSecretsCommandOutput): Promise<boolean> {
  for (const entry of SecretList) {
    const listed = describedFrom({ ...entry, VersionIdsToStages: entry.SecretVersionsToStages });
    if (pendingOf(listed) === null) continue;
    if (!sweep.hasTime()) return false;
    await attempt(sweep, listed.name, () => heal(sweep, listed.arn));
  }
  return true;
}

/** The version that blocks; null also where AWSPENDING stands on the current one, which is a good end. */
function pendingOf(described: Described): string | null {
  const pending = versionAt(described, "AWSPENDING");
  return pending === versionAt(described, "AWSCURRENT") ? null : pending;
}

/** The list may be five minutes old: the secret itself is asked. */
async function heal(sweep: Sweep, arn: string): Promise<void> {
  if (await isFrozen(sweep)) return;
  const described = await describe(sweep.outside.secrets, arn);
  const pending = pendingOf(described);
  if (pending === null) return await settle(sweep, described.arn, described.name);
  const { now, configuration, region } = sweep;
  const policy = configuration.healRotations;
  const record = await readRecord(sweep.ledger, arn);
  const touchedAt = await touchedOf(sweep, arn, pending, record);
  const wasPromoted = await wasPromotedOnce(sweep, described, pending);
  const fixed = { touchedAt, skip: skipReason(described, region), wasPromoted };
  const untried = { pending: { is: "untried" }, current: { is: "untried" }, previous: { is: "untried" } } as const;
  // Nobody logs in to a database because of what no login decides.
  const first = decide({ ...fixed, evidence: untried }, now(), policy);
  if (first.type === "leave") return;
  if (first.type === "unlabel") return await unlabel(sweep, described, pending, first);
  const judge = async (): Promise<{ sight: Sight; verdict: Verdict }> => {
    const sight = await look(sweep, described, pending);
    return { sight, verdict: decide({ ...fixed, evidence: sight.evidence }, now(), policy) };
  };
  if (policy.mode === "recommend") {
    const { sight, verdict } = await judge();
    return await say(sweep, described, verdict, evidenceTable(sight.evidence), null);
  }
  await holdingSecret(sweep, arn, async () => {
    const { sight, verdict } = await judge();
    const repairs = verdict.type === "promote" || verdict.type === "abandon";
    const failed = repairs && verdict.acts ? await repair(sweep, described, pending, sight, verdict) : null;
    await say(sweep, described, verdict, evidenceTable(sight.evidence), failed);
    return null;
  });
}

/** By its label; or by our own record, where two further values have taken that label from it. */
async function wasPromotedOnce({ ledger }: Sweep, described: Described, pending: string): Promise<boolean> {
  if (wasCurrent(described, pending)) return true;
  const succession = await readSuccession(ledger, described.arn, pending);
  return succession?.told === true;
}

async function unlabel(
  sweep: Sweep,
  described: Described,
  pending: string,
  verdict: Extract<Verdict, { type: "unlabel" }>,
): Promise<void> {
  const tell = () => say(sweep, described, verdict, "nobody has logged in", null);
  if (!verdict.acts) return await tell();
  await holdingSecret(sweep, described.arn, async () => {
    await takePending(sweep.outside.secrets, described.arn, pending);
    await tell();
  });
}

/** When somebody last did something for it: the younger of what AWS and our own record say. */
async function touchedOf(
  { outside }: Sweep,
  arn: string,
  pending: string,
  { underway }: SecretRecord,
): Promise<Instant | null> {
  const { Versions = [] } = await outside.secrets.send(new ListSecretVersionIdsCommand({ SecretId: arn }));
  const created = Versions.find(({ VersionId }) => VersionId === pending)?.CreatedDate?.getTime() ?? null;
  const touched = underway?.version === pending ? underway.touchedAt : null;
  if (created === null || touched === null) return created ?? touched;
  return Math.max(created, touched);
}

/** What was said of a secret that is not stuck any more, whoever has mended it, is taken back. */
async function settleOthers(sweep: Sweep): Promise<void> {
  for await (const said of saidSecrets(sweep)) {
    for (const { arn, name } of said) {
      await attempt(sweep, name, async () => {
        const described = await describeIfThere(sweep.outside.secrets, arn);
        const isOurs = described !== null && skipReason(described, sweep.region) === null;
        if (!isOurs || pendingOf(described) === null) await settle(sweep, arn, name);
      });
    }
  }
}
