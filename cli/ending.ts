import { inspect } from "node:util";
import { Broken, Refused, reasonOf, Unavailable } from "../shared/failures.ts";
import { printable, printableLines } from "../shared/text.ts";
import type { Terminal } from "./terminal.ts";
import { notAws } from "./variables.ts";

/** How a command that failed ends: its exit code, and what a person is told, one line each. */
export interface Ending {
  code: 2 | 3;
  lines: string[];
}

/** Tells a person, in one line for each problem, and gives the exit code. The stack is for those who ask for it. */
export function report(error: unknown, terminal: Terminal, program = "nightshift"): number {
  const { code, lines } = endingOf(error, terminal.variables);
  for (const line of lines) terminal.errors.write(`${program}: ${line}\n`);
  if (terminal.variables.NIGHTSHIFT_DEBUG === "1") terminal.errors.write(`${printableLines(inspect(error))}\n`);
  return code;
}

export function endingOf(error: unknown, variables: Terminal["variables"] = {}): Ending {
  if (error instanceof Refused)
    return { code: 2, lines: [error.message, ...error.also].map((line) => printable(line)) };
  if (error instanceof Unavailable) return { code: 3, lines: [printable(error.message)] };
  if (error instanceof Broken) return { code: 3, lines: [bug(error.message)] };
  const outside = causes(error)
    .map((cause) => outsideReason(cause, variables))
    .find((reason) => reason !== null);
  if (outside) return { code: 3, lines: [printable(outside)] };
  return { code: 3, lines: [bug(reasonOf(error))] };
}

function bug(message: string): string {
  return `this is a bug in Nightshift: ${printable(message)} (NIGHTSHIFT_DEBUG=1 shows where)`;
}

/** The error, what caused it, and what it gathers, to a depth that no honest chain reaches. */
function causes(error: unknown, depth = 8): Error[] {
  if (!(error instanceof Error) || depth === 0) return [];
  const gathered: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...gathered].flatMap((inner) => causes(inner, depth - 1))];
}

/** What an error of the SDK or of the network says of the world outside; null for every other error. */
function outsideReason(error: Error, variables: Terminal["variables"]): string | null {
  const code = "code" in error ? String(error.code) : "";
  if (/^(CredentialsProviderError|TokenProviderError)$/.test(error.name)) {
    return "no AWS credentials were found; sign in, or set AWS_PROFILE";
  }
  if (error.message === "Region is missing") return "no AWS region is set; set AWS_REGION";
  if (networkCodes.has(code)) return `cannot reach the endpoint (${code}): ${error.message}`;
  if (error.name === "TimeoutError") return `no answer in time: ${error.message}`;
  if (isForeign(error)) return notAws(variables);
  if ("$metadata" in error) return `AWS refused: ${error.name}: ${error.message}`;
  return null;
}

/** No JSON, no XML, or a refusal without a name: what the SDK then says quotes what it could not read. */
function isForeign(error: Error): boolean {
  if (!("$metadata" in error)) return false;
  const { name, message } = error;
  if (name === "SyntaxError" || message.startsWith("@aws-sdk XML parse error")) return true;
  return /^Unknown(Error)?$/.test(name) || (name === "NotFound" && message === "Unknown");
}

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPROTO",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
