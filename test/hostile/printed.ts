import { Logger } from "@aws-lambda-powertools/logger";
import { type Log, loggerOptions } from "../../shared/log.ts";

/** A log that also prints as a function does, with the real logger; what reaches the process's output is kept here. */
export function printingLog(inner: Log, printed: string[]): Log {
  const logger: Log = new Logger(loggerOptions("open-incidents", "production"));
  const print = (level: keyof Log) => {
    return (message: string, ...fields: Record<string, unknown>[]) => {
      printed.push(outputOf(() => logger[level](message, ...fields)));
      inner[level](message, ...fields);
    };
  };
  return { info: print("info"), warn: print("warn"), error: print("error") };
}

/** What is written to standard output and standard error while something is done. */
function outputOf(act: () => void): string {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const chunks: string[] = [];
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      chunks.push(String(chunk));
      return true;
    };
  }
  try {
    act();
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
  }
  return chunks.join("");
}
