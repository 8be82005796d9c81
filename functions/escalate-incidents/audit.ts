import { DescribeAlarmsCommand, type DescribeAlarmsCommandOutput, InvalidNextToken } from "@aws-sdk/client-cloudwatch";
import { cadenceMs } from "../../shared/incident/membership.ts";
import { isRed } from "../../shared/incident/record.ts";
import { alarmKey, auditKey } from "../../shared/incident/rows.ts";
import { recordFrom } from "../../shared/incident/store.ts";
import {
  type Blindness,
  blindFinding,
  blindKey,
  blindnesses,
  blindnessesOf,
  isAudited,
  isLasting,
} from "../../shared/intake/blindness.ts";
import { receive } from "../../shared/intake/receive.ts";
import type { Receiver } from "../../shared/intake/receiver.ts";
import { keepProgress, readProgress } from "../../shared/ledger/progress.ts";
import { readRows } from "../../shared/ledger/store.ts";
import { type Actual, actualAlarms, everyType, pageSize } from "./actual.ts";
import { attempt, type Sweep } from "./sweep.ts";

/**
 * Every alarm of the account, whatever its state, once in each cadence: which of them cannot do its work? A page at a time, and
 * what there is no time for is left to the next sweep. Looking twice does no harm.
 */
export async function auditAlarms(sweep: Sweep, hasTime: () => boolean): Promise<void> {
  const { receiver } = sweep;
  const { ledger, configuration } = receiver;
  const before = await readProgress(ledger, auditKey);
  const now = receiver.now();
  if (before.token === null && now - before.at < cadenceMs(blindKey("blind-alarm", ""), configuration)) return;
  let token = before.token;
  let isDone = false;
  while (!isDone && hasTime()) {
    const page = await pageAfter(receiver, token ?? undefined);
    // A page that there was no time for is looked at again: what was raised of it is not raised twice.
    if (!(await auditPage(sweep, actualAlarms(page), hasTime))) break;
    token = page.NextToken ?? null;
    isDone = token === null;
  }
  if (!isDone && token === before.token) return;
  await keepProgress(ledger, auditKey, before, { begun: now, token });
}

/** From the beginning, when CloudWatch does not know its own token any more. */
async function pageAfter(receiver: Receiver, token: string | undefined): Promise<DescribeAlarmsCommandOutput> {
  const input = { AlarmTypes: everyType, MaxRecords: pageSize };
  try {
    return await receiver.cloudwatch.send(new DescribeAlarmsCommand({ ...input, NextToken: token }));
  } catch (error) {
    if (token === undefined || !(error instanceof InvalidNextToken)) throw error;
    return receiver.cloudwatch.send(new DescribeAlarmsCommand(input));
  }
}

/** False when there was no time for all of it. */
async function auditPage(sweep: Sweep, alarms: readonly Actual[], hasTime: () => boolean): Promise<boolean> {
  for (let from = 0; from < alarms.length; from += alarmsAtOnce) {
    if (from > 0 && !hasTime()) return false;
    const some = alarms.slice(from, from + alarmsAtOnce);
    const pairs = some.flatMap((actual) => blindnesses.map((blindness) => ({ actual, blindness })));
    const rows = await readRows(
      sweep.receiver.ledger,
      pairs.map(({ actual, blindness }) => alarmKey(blindKey(blindness, actual.alarm.arn))),
    );
    for (const [index, { actual, blindness }] of pairs.entries()) {
      const row = rows[index];
      const isRaised = row ? isRed(recordFrom(row)) : false;
      await attempt(sweep, actual.alarm.arn, () => judge(sweep.receiver, actual, blindness, isRaised));
    }
  }
  return true;
}

/** A row for each kind of blindness: that many fit into one read of a hundred. */
const alarmsAtOnce = Math.floor(100 / blindnesses.length);

/** What is raised already is not raised again, also when a person has resolved it. */
async function judge(receiver: Receiver, actual: Actual, blindness: Blindness, isRaised: boolean): Promise<void> {
  const { configuration } = receiver;
  const { arn, name } = actual.alarm;
  const now = receiver.now();
  const holds = blindnessesOf(actual).includes(blindness);
  if (isRaised && !holds) await receive(receiver, blindFinding(blindness, arn, "cleared", now, configuration));
  if (isRaised || !holds || !isAudited(name, configuration) || !isLasting(blindness, actual, now, configuration))
    return;
  receiver.log.warn("blind alarm", { alarm: arn, rule: blindness, evaluation: actual.evaluation });
  await receive(receiver, blindFinding(blindness, arn, "raised", now, configuration));
}
