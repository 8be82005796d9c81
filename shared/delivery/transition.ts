import { clipped } from "../text.ts";
import { type AlarmPaths, actionPaths, alarmOf, eventPaths, hasContributor, topicPaths } from "./alarm.ts";
import { alarmArn, maximumArnLength, parseAlarmArn } from "./arn.ts";
import { textMap } from "./metrics.ts";
import { type Failure, isObject, optional, optionalText, type Reading, reading } from "./reading.ts";
import { parseTimestamp } from "./timestamp.ts";
import {
  type Alarm,
  type AlarmState,
  alarmStates,
  type ConfigurationChange,
  type Mute,
  type Transition,
} from "./types.ts";

/** EventBridge's `CloudWatch Alarm State Change`, or `… Contributor State Change` when a contributor is demanded. */
export function parseStateChange(document: unknown, ofContributor: boolean): Transition | Failure {
  const read = reading(document);
  const transition = transitionOf(read, eventPaths, "event", ofContributor);
  return transition === null ? read.failure() : { ...transition, mute: muteOf(document, transition.alarm) };
}

/** The document with which CloudWatch invokes a Lambda function as an alarm's action. */
export function parseAction(document: unknown): Transition | Failure {
  const read = reading(document);
  return transitionOf(read, actionPaths, "action", false) ?? read.failure();
}

/** The message that CloudWatch publishes to an SNS topic as an alarm's action. */
export function parseTopicMessage(document: unknown): Transition | Failure {
  const read = reading(document);
  return transitionOf(read, topicPaths, "topic", false) ?? read.failure();
}

/** EventBridge's `CloudWatch Alarm Configuration Change`. */
export function parseConfigurationChange(document: unknown): ConfigurationChange | Failure {
  const read = reading(document);
  const operation = read.one("detail.operation", ["create", "update", "delete"]);
  const alarm = alarmOf(read, eventPaths);
  const at = read.instant("time");
  if (operation === null || alarm === null || at === null) return read.failure();
  return { type: "configuration", door: "event", operation, alarm, at };
}

/** Without its mute: an action that was taken proves that there is none, so only the event's reader looks for one. */
function transitionOf(
  read: Reading,
  paths: AlarmPaths,
  door: Transition["door"],
  ofContributor: boolean,
): Transition | null {
  const alarm = alarmOf(read, paths);
  const speaksForOne = ofContributor || hasContributor(read, paths);
  const contributor = speaksForOne ? contributorOf(read, paths) : null;
  // A contributor that has no data is OK or gone, never INSUFFICIENT_DATA.
  const state = read.one<AlarmState>(paths.state, speaksForOne ? ["OK", "ALARM"] : alarmStates);
  const at = read.instant(paths.stamp);
  if (alarm === null || state === null || at === null || (speaksForOne && contributor === null)) return null;
  const before = optional(read.document, paths.previous);
  return {
    type: "transition",
    door,
    alarm,
    contributor,
    state,
    reason: optionalText(read.document, paths.reason) ?? "",
    at,
    previous: alarmStates.find((known) => known === before) ?? null,
    mute: null,
  };
}

function contributorOf(read: Reading, paths: AlarmPaths): Transition["contributor"] {
  const id = read.text(paths.contributorId);
  if (id !== null && id.length > maximumIdLength) {
    return read.fail(paths.contributorId, `must have at most ${maximumIdLength} characters; it has ${id.length}`);
  }
  return id === null ? null : { id, attributes: textMap(optional(read.document, paths.attributes)) };
}

/** Several times as long as CloudWatch's. It is part of a key. */
const maximumIdLength = 128;

/** A mute rule goes before a suppressor, as in CloudWatch itself. What suppressed the state before this one is over. */
function muteOf(document: unknown, alarm: Alarm): Mute | null {
  if (isObject(optional(document, "detail.muteDetail"))) {
    return {
      by: clipped(optionalText(document, "detail.muteDetail.mutedByArn") ?? "mute rule", maximumArnLength),
      until: parseTimestamp(optional(document, "detail.muteDetail.muteWindowEnd")),
    };
  }
  const suppressedBy = optionalText(document, "detail.state.actionsSuppressedBy");
  if (suppressedBy === null) return null;
  const suppressor = optionalText(document, "detail.configuration.actionsSuppressor");
  const by = suppressor === null ? suppressedBy : suppressorArn(suppressor, alarm);
  return { by: clipped(by, maximumArnLength), until: null };
}

/** The suppressor is given by name or by ARN; it lives where its composite alarm does. */
function suppressorArn(suppressor: string, alarm: Alarm): string {
  return parseAlarmArn(suppressor) === null ? alarmArn(alarm.account, alarm.region, suppressor) : suppressor;
}
