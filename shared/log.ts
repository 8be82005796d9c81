import { clipped, printableLines } from "./text.ts";

/** Where a function writes what it did: one structured line each, `fields` beside the message. Never a secret. */
export interface Log {
  info(message: string, ...fields: Fields[]): void;
  warn(message: string, ...fields: Fields[]): void;
  error(message: string, ...fields: Fields[]): void;
}

/** Of any name but those that the logger keeps for itself: what is given under one of them it drops, and complains. */
export type Fields = Record<string, unknown> & { [Name in KeptName]?: never };

type KeptName = "level" | "message" | "service" | "timestamp" | "sampling_rate";

/** How every function makes its logger: each entry is one line of JSON, with nothing in it that a terminal would obey. */
export function loggerOptions(operation: string, environment: string) {
  return {
    serviceName: "nightshift",
    persistentKeys: { operation, environment },
    jsonReplacerFn: (_key: string, value: unknown) =>
      typeof value === "string" ? clipped(printableLines(value), maximumLoggedLength) : value,
  };
}

/** CloudWatch Logs cuts an event in two at 256 KB, and a line that was cut is no JSON. */
const maximumLoggedLength = 10_000;
