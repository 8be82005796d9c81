import { severities } from "../severity.ts";
import { described, type Failure, optional, reading, shortened } from "./reading.ts";
import type { Finding } from "./types.ts";

/** A finding of one of our auditing functions: bare (`prefix` is ""), or within an event (`prefix` is "detail."). */
export function parseFinding(document: unknown, prefix: "" | "detail."): Finding | Failure {
  const read = reading(document);
  const version = optional(document, `${prefix}version`);
  if (version !== undefined && version !== 1 && version !== "1") {
    read.fail(`${prefix}version`, `must be 1; it is ${described(version)}`);
  }
  const operation = read.text(`${prefix}operation`);
  const rule = read.text(`${prefix}rule`);
  const resource = read.text(`${prefix}resource`);
  const state = read.one(`${prefix}state`, ["raised", "cleared"]);
  const severity = read.one(`${prefix}severity`, severities);
  const message = read.text(`${prefix}message`);
  const remedy = read.text(`${prefix}remedy`);
  const at = read.instant(`${prefix}at`);
  if (operation === null || rule === null || resource === null || state === null || severity === null) {
    return read.failure();
  }
  if (Buffer.byteLength(`${operation}|${rule}|${resource}`) > maximumKeyBytes) {
    read.fail(`${prefix}resource`, `must be ${maximumKeyBytes} bytes at most, with operation and rule`);
  }
  if (message === null || remedy === null || at === null || read.failed()) return read.failure();
  return {
    type: "finding",
    door: "finding",
    operation,
    rule,
    resource,
    state,
    severity,
    message: shortened(message),
    remedy: shortened(remedy),
    at,
  };
}

/** The three are one key of the ledger, which takes 2,048 bytes. */
const maximumKeyBytes = 1_800;
