import type { ActionsSuppressedBy, AlarmMuteRuleStatus, AlarmType, EvaluationState } from "@aws-sdk/client-cloudwatch";
import { parseAlarmArn } from "../../shared/delivery/arn.ts";
import type { AlarmState } from "../../shared/delivery/types.ts";
import { Broken } from "../../shared/failures.ts";
import type { Instant } from "../../shared/instant.ts";

/** An alarm as it stands. It is replaced, never changed: whoever holds one holds what was true then. */
export interface AlarmRecord {
  readonly arn: string;
  readonly name: string;
  readonly type: AlarmType;
  readonly state: AlarmState;
  /** When the state last changed. */
  readonly stateAt: Instant;
  /** When the state was last set, be it to what it was. */
  readonly updatedAt: Instant;
  readonly reason: string;
  /** A composite alarm has one, and no other does. */
  readonly alarmRule?: string;
  /** Only a composite alarm can be suppressed. */
  readonly suppressedBy?: ActionsSuppressedBy;
  readonly actionsEnabled: boolean;
  /** Absent while nothing hinders the evaluation; a composite alarm never has one. */
  readonly evaluationState?: EvaluationState;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MuteRuleRecord {
  /** As CloudWatch would say: it has no clock here. */
  readonly status: AlarmMuteRuleStatus;
  readonly startAt?: Instant;
  readonly expireAt?: Instant;
  /** `cron(…)` or `at(…)`, an ISO 8601 duration, and the time zone, UTC unless stated. */
  readonly schedule?: { readonly expression: string; readonly duration: string; readonly timezone?: string };
  readonly alarmNames?: readonly string[];
  readonly updatedAt?: Instant;
}

/** Where an alarm or a mute rule lives. */
export interface Home {
  account: string;
  region: string;
}

export interface Alarms {
  byArn: Map<string, AlarmRecord>;
  /** The ARNs of each home in the order of the names; a home whose alarms came or went is missing until it is asked for. */
  sorted: Map<string, readonly string[]>;
}

/** Throws Broken for a record that CloudWatch could not have. */
export function putAlarm(alarms: Alarms, alarm: AlarmRecord): void {
  const parsed = parseAlarmArn(alarm.arn);
  if (parsed === null || parsed.name !== alarm.name) {
    throw new Broken(`${alarm.arn} is not the ARN of an alarm named ${alarm.name}`);
  }
  const composite = alarm.type === "CompositeAlarm";
  if (composite !== (alarm.alarmRule !== undefined)) throw new Broken(`${alarm.arn}: a rule is what makes a composite`);
  if (!composite && alarm.suppressedBy !== undefined) throw new Broken(`${alarm.arn}: only a composite is suppressed`);
  if (composite && alarm.evaluationState !== undefined) throw new Broken(`${alarm.arn}: no composite has that`);
  if (!alarms.byArn.has(alarm.arn)) alarms.sorted.delete(homeKey(parsed));
  alarms.byArn.set(alarm.arn, { ...alarm, tags: { ...alarm.tags } });
}

/** Whether there was one. */
export function removeAlarm(alarms: Alarms, arn: string): boolean {
  const parsed = parseAlarmArn(arn);
  if (parsed === null || !alarms.byArn.delete(arn)) return false;
  alarms.sorted.delete(homeKey(parsed));
  return true;
}

/** Throws Broken for an alarm that is not there. */
export function alarmNamed(alarms: Alarms, arn: string): AlarmRecord {
  const alarm = alarms.byArn.get(arn);
  if (alarm === undefined) throw new Broken(`there is no alarm ${arn}`);
  return alarm;
}

/** The alarms of one account and region, in the order of their names. */
export function alarmsAt(alarms: Alarms, home: Home): AlarmRecord[] {
  const key = homeKey(home);
  const known = alarms.sorted.get(key) ?? sortedArns(alarms, key);
  alarms.sorted.set(key, known);
  return known.map((arn) => alarmNamed(alarms, arn));
}

function sortedArns(alarms: Alarms, key: string): string[] {
  const there = [...alarms.byArn.values()].filter(({ arn }) => {
    const parsed = parseAlarmArn(arn);
    return parsed !== null && homeKey(parsed) === key;
  });
  // By code units, whatever the machine's language: the order must be the same everywhere.
  return there.sort((left, right) => (left.name < right.name ? -1 : 1)).map(({ arn }) => arn);
}

function homeKey({ account, region }: Home): string {
  return `${account}/${region}`;
}
