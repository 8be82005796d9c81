import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { Unavailable } from "../../shared/failures.ts";
import { decide } from "../../shared/incident/decide.ts";
import { blindMembers, dueAt } from "../../shared/incident/decide-tick.ts";
import { decisionWrites, openQueue } from "../../shared/incident/rows.ts";
import { readThread, threadFrom } from "../../shared/incident/store.ts";
import type { Thread } from "../../shared/incident/types.ts";
import { blindFinding } from "../../shared/intake/blindness.ts";
import { receive } from "../../shared/intake/receive.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";
import { commit, readQueue } from "../../shared/ledger/store.ts";
import { readAbsences } from "./absences.ts";
import { auditAlarms } from "./audit.ts";
import { concludeAbsences, reconcileAlarming, reconcileKnown } from "./reconcile.ts";
import { releaseGathered } from "./release.ts";
import { attempt, type Sweep } from "./sweep.ts";

export interface Dependencies extends Common {
  cloudwatch: Pick<CloudWatchClient, "send">;
  /** The account and region whose alarms CloudWatch shows us. */
  account: string;
  region: string;
}

/** One sweep. It says `sweep complete` when it came to its end with nothing left out: that is its heartbeat. */
export async function run(_event: unknown, dependencies: Dependencies): Promise<void> {
  const { ledger, table, account, region, deadline, now, log } = dependencies;
  const receiver: Receiver = { ...dependencies, ledger: { client: ledger, table } };
  const begun = now();
  // However much there is to compare, half of the time is left for what is due.
  const hasHalf = () => now() < (begun + deadline()) / 2;
  // And what can wait for the next sweep leaves it the time to come to its end.
  const hasQuarter = () => now() < (begun + 3 * deadline()) / 4;
  const sweep: Sweep = {
    receiver,
    home: { account, region },
    absences: await readAbsences(receiver.ledger),
    failures: [],
    hasTime: () => now() < deadline(),
  };
  await attempt(sweep, "reconcile", () => reconcileAlarming(sweep, hasHalf));
  let sawAll = true;
  for await (const rows of readQueue(receiver.ledger, openQueue, null)) {
    if (!sweep.hasTime()) break;
    if (!(await sweepPage(sweep, rows.map(threadFrom)))) sawAll = false;
  }
  await attempt(sweep, "release", () => releaseGathered(receiver));
  await attempt(sweep, "audit", () => auditAlarms(sweep, hasQuarter));
  if (sawAll && sweep.hasTime()) await attempt(sweep, "absences", () => concludeAbsences(sweep, begun));
  if (sweep.failures.length === 0 && sweep.hasTime()) {
    log.info("sweep complete");
    return;
  }
  const [first = "no time left"] = sweep.failures;
  throw new Unavailable(`the sweep is incomplete, ${sweep.failures.length} failures, the first of them: ${first}`);
}

/**
 * What is due of one page of threads, the longest due first; what CloudWatch says of their alarms goes before. False when not
 * everything that they hold for red could be looked at.
 */
async function sweepPage(sweep: Sweep, threads: readonly Thread[]): Promise<boolean> {
  const sawAll = await attempt(sweep, "reconcile", () => reconcileKnown(sweep, threads));
  for (const thread of threads) {
    if (!sweep.hasTime()) return false;
    await attempt(sweep, thread.key, () => sweepThread(sweep.receiver, thread));
  }
  return sawAll;
}

async function sweepThread(receiver: Receiver, thread: Thread): Promise<void> {
  const now = receiver.now();
  for (const { arn } of blindMembers(thread, now, receiver.configuration)) await letGo(receiver, arn);
  for (const member of Object.values(thread.incident?.members ?? {})) {
    if (member.untagged && member.red) await receive(receiver, { type: "reclassify", arn: member.arn });
  }
  const due = dueAt(thread, receiver.configuration);
  if (due !== null && due <= now) await tick(receiver, thread.key);
}

/** Read anew, because the queue may lag behind. Who loses the race looks again: the winner may have come for something else. */
async function tick(receiver: Receiver, key: string): Promise<void> {
  const { ledger, configuration } = receiver;
  for (let again = 0; again < maximumAttempts; again++) {
    const now = receiver.now();
    const thread = await readThread(ledger, key);
    const decision = decide(thread, key, { type: "tick" }, now, configuration);
    if (decision.entries.length === 0 && decision.thread === thread) return;
    if (await commit(ledger, decisionWrites(ledger.table, decision, now, configuration))) {
      for (const { entry } of decision.entries) receiver.log.info("timer", { key, type: entry.type, text: entry.text });
      return;
    }
    await receiver.pause(again);
  }
  throw new Unavailable(`others changed the same incident ${maximumAttempts} times in a row`);
}

/**
 * Somebody is told that the alarm sees nothing, and it no longer holds its incident open. In this order: who dies in between
 * finds it red still, and tells it again.
 */
async function letGo(receiver: Receiver, arn: string): Promise<void> {
  const { configuration, log, now } = receiver;
  log.warn("blind alarm", { alarm: arn, rule: "blind-alarm" });
  await receive(receiver, blindFinding("blind-alarm", arn, "raised", now(), configuration));
  await receive(receiver, { type: "let-go", arn });
}

const maximumAttempts = 10;
