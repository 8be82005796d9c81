import type { Configuration } from "../configuration/schema.ts";
import { minute } from "../instant.ts";
import type { Severity } from "../severity.ts";
import { type AlarmRecord, flaps, insufficientSince, isRed, lastTransition, shownState, spansOf } from "./record.ts";
import type { Member } from "./types.ts";

/** An alarm as its incident sees it. */
export function memberOf(record: AlarmRecord, severity: Severity, { incidents }: Configuration): Member {
  const { arn, name, kind, mute, deleted, tags } = record;
  const spans = spansOf(record);
  const last = spans.at(-1);
  const changedAt = lastTransition(record);
  const { transitions, minutes } = incidents.flapping;
  return {
    arn,
    name,
    kind,
    severity,
    state: shownState(record),
    red: isRed(record),
    since: last === undefined ? changedAt : (last.until ?? last.from),
    changedAt,
    deleted,
    mute,
    flapping: kind === "alarm" && flaps(record, transitions, minutes * minute),
    insufficientSince: insufficientSince(record),
    spans: spans.slice(-maximumSpans),
    untagged: kind === "alarm" && tags === null,
  };
}

const maximumSpans = 8;
