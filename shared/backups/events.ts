import { type Failure, isObject, optional, optionalText, type Reading, reading } from "../delivery/reading.ts";
import { parseTimestamp } from "../delivery/timestamp.ts";
import type { Instant } from "../instant.ts";
import { kinds } from "./event-kinds.ts";

// What AWS Backup says on the event bus: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html. It comes
// every five minutes at best, or never, so it only wakes the check early: no verdict is built on it.

type DetailType = keyof typeof kinds;

export interface BackupEvent {
  kind: (typeof kinds)[DetailType];
  /** What was backed up, copied, restored or scanned; null where the event does not say. */
  resourceArn: string | null;
  recoveryPointArn: string | null;
  /** The name of the vault; of a copy, the one that it goes to. */
  vault: string | null;
  /** As AWS writes it, also one that nobody knows yet. */
  state: string;
  at: Instant;
  jobId: string | null;
  /** A job that says COMPLETED may say here that it was not all. */
  message: string | null;
  bytes: number | null;
  isLocked: boolean | null;
  /** A scan that says COMPLETED may say THREATS_FOUND here. */
  scanResult: string | null;
}

export type Heard = { event: BackupEvent; failure: null } | { event: null; failure: Failure };

/** Reads one event of AWS Backup, as EventBridge delivers it. What is of another shape is a failure with its place, never a guess. */
export function parseBackupEvent(document: unknown): Heard {
  const read = reading(document);
  const isOurs = read.one("source", ["aws.backup"]) !== null;
  const kind = isOurs ? kindOf(read) : null;
  const detail = kind === null ? null : read.ask("detail", (value) => (isObject(value) ? value : null), "an object");
  const state = detail === null ? null : stateOf(read, detail);
  const at = state === null ? null : instantOf(read, detail);
  if (kind === null || detail === null || state === null || at === null)
    return { event: null, failure: read.failure() };
  return { event: { kind, state, at, ...identityOf(detail), ...saidIn(detail) }, failure: null };
}

/** The same for every delivery of one change: EventBridge may deliver it twice. */
export function keyOf({ kind, jobId, recoveryPointArn, resourceArn, vault, state }: BackupEvent): string {
  return [kind, jobId ?? recoveryPointArn ?? resourceArn ?? vault ?? "", state].join("|");
}

function kindOf(read: Reading): BackupEvent["kind"] | null {
  const known = (value: unknown) => (typeof value === "string" && isDetailType(value) ? kinds[value] : null);
  return read.ask("detail-type", known, "one of AWS Backup's");
}

function isDetailType(text: string): text is DetailType {
  return Object.hasOwn(kinds, text);
}

/** Restore jobs and recovery points say `status`, all others `state`; a restore job that was just created says `state` too. */
function stateOf(read: Reading, detail: unknown): string | null {
  const stated = ["status", "state", "indexStatus"].find((key) => optional(detail, key) !== undefined) ?? "state";
  return read.text(`detail.${stated}`);
}

/** `expectedCompletionDate` is never asked: it is written for people, without a zone. */
function instantOf(read: Reading, detail: unknown): Instant | null {
  const stamps = [
    optional(read.document, "time"),
    optional(detail, "completionDate"),
    optional(detail, "creationDate"),
  ];
  const at = stamps.map(parseTimestamp).find((stamp) => stamp !== null);
  return at ?? read.instant("time");
}

/** From the detail alone: `resources` may name the image or snapshot beneath, of another service and without an account. */
function identityOf(detail: unknown): Pick<BackupEvent, "resourceArn" | "recoveryPointArn" | "vault" | "jobId"> {
  const first = <Value>(keys: readonly string[], read: (value: unknown) => Value | null): Value | null =>
    keys.map((key) => read(optional(detail, key))).find((value) => value !== null) ?? null;
  const vaultArns = ["destinationBackupVaultArn", "backupVaultArn"];
  const jobIds = ["backupJobId", "copyJobId", "restoreJobId", "scanJobId"];
  return {
    resourceArn: first(["resourceArn", "sourceResourceArn"], arn),
    recoveryPointArn: first(["recoveryPointArn", "destinationRecoveryPointArn"], arn),
    vault: optionalText(detail, "backupVaultName") ?? first(vaultArns, vaultName),
    jobId: jobIds.map((key) => optionalText(detail, key)).find((id) => id !== null) ?? null,
  };
}

/** Until a copy has a point, its ARN is an empty object. */
function arn(value: unknown): string | null {
  return typeof value === "string" && /^arn:aws[\w-]*:\S{1,2000}$/.test(value) ? value : null;
}

function vaultName(value: unknown): string | null {
  return /:backup-vault:(.+)$/.exec(arn(value) ?? "")?.[1] ?? null;
}

function saidIn(detail: unknown): Pick<BackupEvent, "message" | "bytes" | "isLocked" | "scanResult"> {
  const message = optionalText(detail, "statusMessage");
  return {
    message: message === null ? null : unquoted(message),
    bytes: wholeNumber(optional(detail, "backupSizeInBytes")),
    isLocked: truth(optional(detail, "isLocked")),
    scanResult: optionalText(detail, "scanResult.scanResultStatus"),
  };
}

/** Some messages are JSON texts within the JSON. */
function unquoted(message: string): string {
  return /^".*"$/s.test(message) ? message.slice(1, -1).replaceAll('\\"', '"') : message;
}

/** Text in the events of backups and restores, a number in those of copies. */
function wholeNumber(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function truth(value: unknown): boolean | null {
  if (value === "true" || value === true) return true;
  return value === "false" || value === false ? false : null;
}
