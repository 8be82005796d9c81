import { severities } from "../severity.ts";
import { areAnswered, type Failure, optional, reading, shortened } from "./reading.ts";
import type { Finding } from "./types.ts";

/** A finding of one of our auditing functions: bare (`prefix` is ""), or within an event (`prefix` is "detail."). */
export function parseFinding(document: unknown, prefix: "" | "detail."): Finding | Failure {
  const read = reading(document);
  const versionPath = `${prefix}version`;
  const answers = {
    version: optional(document, versionPath) === undefined ? 1 : read.ask(versionPath, ourVersion, "1"),
    operation: read.text(`${prefix}operation`),
    rule: read.text(`${prefix}rule`),
    resource: read.text(`${prefix}resource`),
    state: read.one(`${prefix}state`, ["raised", "cleared"]),
    severity: read.one(`${prefix}severity`, severities),
    message: read.text(`${prefix}message`),
    remedy: read.text(`${prefix}remedy`),
    at: read.instant(`${prefix}at`),
  };
  if (!areAnswered(answers)) return read.failure();
  const { version: _, message, remedy, ...rest } = answers;
  if (Buffer.byteLength(`${rest.operation}|${rest.rule}|${rest.resource}`) > maximumKeyBytes) {
    return { path: `${prefix}resource`, problem: `must be ${maximumKeyBytes} bytes at most, with operation and rule` };
  }
  return { type: "finding", door: "finding", ...rest, message: shortened(message), remedy: shortened(remedy) };
}

function ourVersion(value: unknown): 1 | null {
  return value === 1 || value === "1" ? 1 : null;
}

/** The three are one key of the ledger, which takes 2,048 bytes. */
const maximumKeyBytes = 1_800;
