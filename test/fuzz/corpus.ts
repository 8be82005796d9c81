import {
  actionOf,
  deletionOf,
  eventOf,
  findingOf,
  type Happening,
  notificationOf,
  strangeOf,
  topicMessageOf,
} from "../../simulation/documents.ts";
import { type EstateAlarm, estate } from "../../simulation/estate.ts";
import { envelopes, golden, kinds } from "../delivery/documents.ts";

// What is hurt: every document that CloudWatch and our own operations are known to send, and every envelope around it.

const at = Date.UTC(2026, 4, 4, 10, 0, 4, 989);
const mutes = [
  null,
  { by: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night", until: at + 3_600_000 },
  { by: "WaitPeriod", until: null },
];

const happenings: Happening[] = estate.flatMap((alarm) =>
  mutes.map((mute) => ({ alarm, state: "ALARM", previous: "OK", at, reason: "Threshold Crossed", mute }) as const),
);
const contributor = { id: "6d442278dba546f6", attributes: { InstanceId: "i-1" } };

const kindsOfDocuments: Record<string, readonly object[]> = {
  goldenEvents: kinds.map((kind) => golden(kind).event),
  goldenActions: kinds.map((kind) => golden(kind).action),
  goldenMessages: kinds.map((kind) => golden(kind).topic),
  events: happenings.map((happening) => eventOf(happening, "5f1c")),
  contributors: happenings.map((happening) => eventOf({ ...happening, contributor }, "5f1d")),
  actions: happenings.map((happening) => actionOf(happening)),
  messages: happenings.map(topicMessageOf),
  notifications: happenings.map((happening) => notificationOf(topicMessageOf(happening), at)),
  changes: estate.flatMap((alarm) => ["create", "update", "delete"].map((operation) => changeOf(alarm, operation))),
  findings: [
    findingOf("arn:aws:rds:eu-west-1:111122223333:db:orders", "raised", at),
    findingOf("arn:aws:rds:eu-west-1:111122223333:db:orders", "cleared", at),
  ],
  strange: [strangeOf(at), {}],
};

/** By kind, so that what has many examples is not hurt oftener than what has few; as text, which is copied fastest. */
export const corpus: readonly (readonly string[])[] = Object.values(kindsOfDocuments).map((documents) =>
  documents.map((document) => JSON.stringify(document)),
);

export const wraps = Object.values(envelopes);

/** Every name that means something to the reader, and some that mean something to JavaScript. */
export const names: readonly string[] = [
  ...new Set([
    ...Object.values(kindsOfDocuments).flatMap((documents) => documents.flatMap(namesIn)),
    ...wraps.flatMap((wrap) => namesIn(wrap({}))),
    ...["Sns", "EventSource", "muteDetail", "mutedByArn", "muteWindowEnd", "actionsSuppressor", "actionsSuppressedBy"],
    ...["alarmContributor", "AlarmContributorId", "AlarmContributorAttributes", "AlarmRule", "alarmRule"],
    ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toJSON", "length", "then"],
    ...["", " ", "\u0000", "\ud800", "detail.state.value", "0", "-1", "type", "raw", "failure", "document"],
  ]),
];

function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

function changeOf(alarm: EstateAlarm, operation: string): object {
  const change = deletionOf(alarm, at, "5f1e");
  return { ...change, ...("detail" in change ? { detail: { ...Object(change.detail), operation } } : {}) };
}
