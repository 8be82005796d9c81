import {
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  GetAlarmMuteRuleCommand,
} from "@aws-sdk/client-cloudwatch";
import { parseAlarmArn } from "../../shared/delivery/arn.ts";
import { type AlarmRecord, endedAt, isRed, sourceOf } from "../../shared/incident/record.ts";
import { alarmKey } from "../../shared/incident/rows.ts";
import { isSilence } from "../../shared/incident/silence.ts";
import { readAlarm, recordFrom } from "../../shared/incident/store.ts";
import type { Member, Thread } from "../../shared/incident/types.ts";
import { type Instant, minute, second } from "../../shared/instant.ts";
import { blindFinding, blindnessesOf, blindnessIn } from "../../shared/intake/blindness.ts";
import { isNotThere } from "../../shared/intake/not-there.ts";
import { receive } from "../../shared/intake/receive.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";
import { readRows } from "../../shared/ledger/store.ts";
import { countAbsence, counts, writeAbsences } from "./absences.ts";
import { type Actual, actualAlarms, everyType, pageSize, transitionFrom } from "./actual.ts";
import { attempt, type Sweep } from "./sweep.ts";

/** Every alarm that CloudWatch shows red, and that we do not know as red: its event was lost. A page of them at a time. */
export async function reconcileAlarming(sweep: Sweep, hasTime: () => boolean): Promise<void> {
  const { receiver } = sweep;
  let token: string | undefined;
  do {
    const page: DescribeAlarmsCommandOutput = await receiver.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmTypes: everyType, StateValue: "ALARM", MaxRecords: pageSize, NextToken: token }),
    );
    const alarms = actualAlarms(page).filter((actual) => isSettled(receiver, actual));
    const keys = alarms.map(({ alarm }) => alarmKey(alarm.arn));
    const rows = alarms.length === 0 ? [] : await readRows(receiver.ledger, keys);
    for (const [index, actual] of alarms.entries()) {
      const row = rows[index];
      if (!isNews(row ? recordFrom(row) : null, actual)) continue;
      const { arn } = actual.alarm;
      receiver.log.warn("lost event", { alarm: arn, state: actual.state });
      await attempt(sweep, arn, () => receive(receiver, transitionFrom(actual, null)));
    }
    token = page.NextToken;
  } while (token !== undefined && hasTime());
}

/**
 * What CloudWatch says of the red alarms of these threads: OK meanwhile, without data, no longer suppressed, or gone; and of the
 * alarms that were found blind: whether they still are.
 */
export async function reconcileKnown(sweep: Sweep, threads: readonly Thread[]): Promise<void> {
  const { receiver, home, absences } = sweep;
  const watched = threads
    .flatMap(({ incident }) => Object.values(incident?.members ?? {}))
    .filter(({ red }) => red)
    .map((member) => ({ member, arn: member.kind === "alarm" ? member.arn : (blindnessIn(member.arn)?.arn ?? "") }))
    .filter(({ arn }) => isAtHome(arn, home));
  for (let from = 0; from < watched.length; from += pageSize) {
    const some = watched.slice(from, from + pageSize);
    const names = new Set(some.map(({ arn }) => parseAlarmArn(arn)?.name ?? ""));
    const page = await receiver.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmTypes: everyType, AlarmNames: [...names], MaxRecords: pageSize }),
    );
    const actual = new Map(actualAlarms(page).map((each) => [each.alarm.arn, each]));
    for (const { member, arn } of some) {
      const now = actual.get(arn);
      if (now === undefined) countAbsence(absences, member.arn);
      else await attempt(sweep, member.arn, () => compare(receiver, member, now));
    }
  }
}

/** So long an event may take before its absence means anything. */
const grace = minute;

async function compare(receiver: Receiver, member: Member, actual: Actual): Promise<void> {
  const found = blindnessIn(member.arn);
  if (found !== null) {
    if (!blindnessesOf(actual).includes(found.blindness)) await mend(receiver, found);
    return;
  }
  if (actual.state === "ALARM") {
    if (member.mute !== null && !isSilence(member.mute) && !(await isStillMuted(receiver, member.mute.by, actual))) {
      await receive(receiver, { ...transitionFrom(actual, "ALARM"), at: receiver.now() });
    }
    return;
  }
  if (actual.state === member.state || !isSettled(receiver, actual)) return;
  receiver.log.warn("lost event", { alarm: member.arn, state: actual.state });
  await receive(receiver, transitionFrom(actual, null));
}

/**
 * An alarm is deleted when so many complete reconciles in a row did not find it: one that was just made may be missed once.
 * Called at the end of a sweep that looked at all of them.
 */
export async function concludeAbsences(sweep: Sweep, lookedAt: Instant): Promise<void> {
  const { receiver, absences } = sweep;
  const { absentReconciles } = receiver.configuration.incidents;
  const gone = Object.entries(absences.found).filter(([, count]) => count >= absentReconciles);
  if (!counts(absences, receiver.now())) return;
  for (const [arn] of gone) await attempt(sweep, arn, () => conclude(receiver, arn, lookedAt));
  // Last, so that who dies before finds the same ones gone again.
  await writeAbsences(receiver.ledger, absences, receiver.now());
}

/** By the time of the look: an alarm that was made anew since then is another one. */
async function conclude(receiver: Receiver, absent: string, lookedAt: Instant): Promise<void> {
  const found = blindnessIn(absent);
  if (found !== null) {
    await mend(receiver, found);
    return;
  }
  const home = parseAlarmArn(absent);
  if (home === null) return;
  const record = await readAlarm(receiver.ledger, absent);
  const bare = { arn: absent, name: home.name, account: home.account, region: home.region };
  const alarm = record?.alarm ?? { ...bare, description: null, metrics: [], alarmRule: null };
  await receive(receiver, { type: "configuration", door: "reconcile", operation: "delete", alarm, at: lookedAt });
}

/** A blind alarm sees again, or there is none any more. */
async function mend(
  receiver: Receiver,
  { blindness, arn }: NonNullable<ReturnType<typeof blindnessIn>>,
): Promise<void> {
  await receive(receiver, blindFinding(blindness, arn, "cleared", receiver.now(), receiver.configuration));
}

/** A mute rule that was deleted or has run out mutes no longer, and neither does a suppressor that CloudWatch does not name. */
async function isStillMuted({ cloudwatch }: Receiver, by: string, actual: Actual): Promise<boolean> {
  const [, rule] = /:alarm-mute-rule:(.+)$/.exec(by) ?? [];
  if (rule === undefined) return actual.suppressedBy !== null;
  try {
    const { Status } = await cloudwatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: rule }));
    // Between two of its windows it mutes nothing, and neither does it in a status that nobody knows yet.
    return Status === "ACTIVE";
  } catch (error) {
    // It mutes nothing; and if a name that no rule can have failed the sweep, it would fail every sweep.
    if (isNotThere(error)) return false;
    throw error;
  }
}

function isNews(record: AlarmRecord | null, { at }: Actual): boolean {
  if (record === null) return true;
  const own = sourceOf(record, "");
  // Red already: news only if the alarm itself has changed to ALARM once more, and what was in between was lost as well.
  if (isRed(record) && own === undefined) return false;
  // Stamps of one and the same transition may differ by less than a second between the doors.
  return Math.max(own?.at ?? 0, endedAt(record)) + second <= at;
}

function isSettled(receiver: Receiver, { at }: Actual): boolean {
  return receiver.now() - at >= grace;
}

function isAtHome(arn: string, home: Sweep["home"]): boolean {
  const parts = parseAlarmArn(arn);
  return parts !== null && parts.account === home.account && parts.region === home.region;
}
