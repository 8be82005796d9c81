import { tell } from "../../shared/bus.ts";
import { iso, minute } from "../../shared/instant.ts";
import { describeIfThere } from "../../shared/secrets/described.ts";
import type { Failure } from "../../shared/secrets/failure.ts";
import { findingEvent } from "../../shared/secrets/findings.ts";
import { conclude } from "../../shared/secrets/promote.ts";
import { isHeld, type Succession, type SuccessionRule } from "../../shared/secrets/record.ts";
import { dueSuccessions, readRecord, readSuccession, writeSuccession } from "../../shared/secrets/records.ts";
import { skipReason } from "../../shared/secrets/skips.ts";
import { refreshReaders } from "./readers.ts";
import { retire } from "./retire.ts";
import { isAlarming, nextTry, outcomeOf } from "./stages.ts";
import { attempt, isFrozen, type Sweep } from "./sweep.ts";

/** What is due after promotions, the longest due first, each on its own. */
export async function healSuccessions(sweep: Sweep): Promise<void> {
  for await (const successions of dueSuccessions(sweep.ledger, sweep.now())) {
    for (const { arn, name, to } of successions) {
      if (!sweep.hasTime()) return;
      await attempt(sweep, name, () => heal(sweep, arn, to));
    }
  }
}

/** The queue may lag behind: the row itself is read anew. */
async function heal(sweep: Sweep, arn: string, to: string): Promise<void> {
  const succession = await readSuccession(sweep.ledger, arn, to);
  if (succession === null || succession.retired || (await isFrozen(sweep))) return;
  const described = await describeIfThere(sweep.outside.secrets, arn);
  const gone = described === null ? "the secret is gone" : skipReason(described, sweep.region);
  if (gone !== null || described === null) return await end(sweep, succession, gone ?? "");
  const outcome = outcomeOf(succession, described.stages, sweep.now(), sweep.configuration.healRotations);
  switch (outcome) {
    case "awaited":
      return;
    case "never":
    case "rolled back":
      // Whoever rolls back announces that before it is done.
      if (isHeld(await readRecord(sweep.ledger, arn), sweep.now())) return;
      return await end(sweep, succession, outcome === "never" ? "it was never promoted" : "it was rolled back");
    case "promoted":
    case "superseded":
      return await follow(sweep, succession, outcome === "promoted");
    default:
      return outcome satisfies never;
  }
}

const lookAgainMs = 5 * minute;

/** Tells, refreshes and retires, in this order; each is written down when it is done, so that nothing is done for nothing. */
async function follow(sweep: Sweep, begun: Succession, isCurrent: boolean): Promise<void> {
  const { ledger, log, now, outside } = sweep;
  let succession = begun;
  if (!succession.told && isCurrent) {
    // Whoever promoted it died before it was told, so perhaps before it was written down.
    await conclude({ ...sweep, pause: outside.pause }, succession);
    succession = { ...succession, told: true };
  }
  if (!succession.refreshed) {
    const refresh = await refreshReaders(sweep, succession);
    succession = refresh.succession;
    if (refresh.state === "waiting" && now() < succession.retireAt) {
      return await writeSuccession(ledger, succession, now() + lookAgainMs);
    }
    if (refresh.state !== "done") return await troubled(sweep, succession, "refresh-failed", refresh.failure);
    succession = { ...(await calmed(sweep, succession)), refreshed: true };
    await writeSuccession(ledger, succession, Math.max(now(), succession.retireAt));
  }
  if (now() < succession.retireAt) return await writeSuccession(ledger, succession, succession.retireAt);
  const outcomeOfRetiring = await retire(sweep, succession);
  if (outcomeOfRetiring === "held") return;
  if (outcomeOfRetiring !== "dead") return await troubled(sweep, succession, "retire-failed", outcomeOfRetiring);
  await writeSuccession(ledger, { ...(await calmed(sweep, succession)), retired: true, retiredAt: now() }, null);
  log.info("credential retired", { secret: succession.name, version: succession.from });
}

/** Nothing of it is to be done any more, nor is anything of it wrong. */
async function end(sweep: Sweep, succession: Succession, because: string): Promise<void> {
  await writeSuccession(sweep.ledger, { ...(await calmed(sweep, succession)), ended: because }, null);
  sweep.log.warn("succession dropped", { secret: succession.name, version: succession.to, because });
}

/** It is tried again, later each time. That a finding stands is written before it is raised: so it is cleared for certain. */
async function troubled(
  sweep: Sweep,
  succession: Succession,
  rule: SuccessionRule,
  { failed: reason, message, remedy }: Failure,
): Promise<void> {
  const { ledger, log, now, configuration, bus } = sweep;
  const { arn, name, from } = succession;
  const attempts = (succession.attempts ?? 0) + 1;
  const again = nextTry(attempts, now());
  log.error("previous credential lives on", { secret: name, rule, reason, attempts, problem: message, remedy });
  const isTold = isAlarming(succession, attempts, await readRecord(ledger, arn), now(), configuration);
  const raised = isTold ? [...new Set([...(succession.raised ?? []), rule])] : (succession.raised ?? []);
  await writeSuccession(ledger, { ...succession, attempts, raised }, again);
  if (!isTold) return;
  const what = rule === "retire-failed" ? "is not retired" : "is not retired, because its readers are not refreshed";
  const text = `of ${name} the credential before the current one (version ${from}) ${what} (${reason}): ${message}`;
  const finding = { operation: "heal-rotations", rule, resource: arn, state: "raised", severity: "P2" } as const;
  const told = { ...finding, message: `${text}; attempt ${attempts}, the next after ${iso(again)}`, remedy };
  await tell(bus, [findingEvent(told, now())]);
}

async function calmed({ bus, now }: Sweep, succession: Succession): Promise<Succession> {
  const { arn, name, raised = [], attempts: _, ...rest } = succession;
  const text = { message: `${name}: it is settled`, remedy: "nothing is to be done" };
  const cleared = { operation: "heal-rotations", resource: arn, state: "cleared", severity: "P2", ...text } as const;
  await tell(
    bus,
    raised.map((rule) => findingEvent({ ...cleared, rule }, now())),
  );
  return { ...rest, arn, name };
}
