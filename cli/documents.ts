import { createReadStream, type Stats, statSync } from "node:fs";
import { Refused } from "../shared/failures.ts";
import { printable, quoted } from "../shared/text.ts";
import { readArrays } from "./json-array.ts";

export interface DocumentOptions {
  /** What is no JSON is counted instead of refused. */
  lenient: boolean;
  onBroken: () => void;
}

/** More in one line, or in one document of an array, is no delivery of anybody's. */
export const maximumBytes = 1_048_576;

/**
 * The JSON documents of a file, one after the other as they are read: one a line, or arrays of them. Throws `Refused`
 * with file and line for what is neither, for a file that is missing, empty or none, and for a document over 1 MiB.
 */
export async function* readDocuments(file: string, options: DocumentOptions): AsyncGenerator<unknown> {
  refuseNoFile(file);
  const refuse: Refuse = (line, problem) => {
    if (!options.lenient) {
      throw new Refused(`${printable(file)}:${line}: ${problem}; --lenient counts such lines instead`);
    }
    options.onBroken();
  };
  const chunks = readChunks(file);
  const first = await beginning(chunks);
  if (first.isBlank) throw new Refused(`${printable(file)}: is empty`);
  const all = joined(first.bytes, chunks);
  if (first.isArray) yield* readArrays(all, refuse);
  else yield* readLines(all, refuse);
}

/** Says what is wrong in which line; throws unless such lines are counted. */
export type Refuse = (line: number, problem: string) => void;

function refuseNoFile(file: string): void {
  const found = statOf(file);
  if (found.isDirectory()) throw new Refused(`${printable(file)}: is a directory; name the files in it`);
  if (found.isFile() && found.size === 0) throw new Refused(`${printable(file)}: is empty`);
}

/** What stands under a name. Throws `Refused` where nothing does, and for what can be no file's name. */
export function statOf(file: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const isMissing = /^(ENOENT|ENOTDIR|ENAMETOOLONG|ERR_INVALID_ARG_VALUE)$/.test(code);
    const reason = isMissing ? "there is no such file" : `cannot be read (${code === "" ? "unknown reason" : code})`;
    throw new Refused(`${printable(file)}: ${reason}`, { cause: error });
  }
}

async function* readChunks(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk;
  } catch (error) {
    throw new Refused(`${printable(file)}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Beginning {
  bytes: Buffer;
  isArray: boolean;
  /** Nothing but blanks, if anything at all. */
  isBlank: boolean;
}

/** As much of the file as tells whether it is an array. */
async function beginning(chunks: AsyncGenerator<Buffer>): Promise<Beginning> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return { bytes, isArray: false, isBlank: true };
    bytes = Buffer.concat([bytes, value]);
    const seen = bytes
      .subarray(0, maximumBytes)
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .trimStart();
    if (seen !== "" || bytes.length > maximumBytes) return { bytes, isArray: seen.startsWith("["), isBlank: false };
  }
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** One document a line. Holds no more than one line and one chunk. */
async function* readLines(chunks: AsyncIterable<Buffer>, refuse: Refuse): AsyncGenerator<unknown> {
  let number = 1;
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer): void => {
    const before = length;
    length += piece.length;
    if (length <= maximumBytes) pieces.push(piece);
    else if (before <= maximumBytes) {
      pieces = [];
      refuse(number, "is over 1 MiB");
    }
  };
  const finish = (): unknown[] => {
    const text = length > maximumBytes ? "" : Buffer.concat(pieces).toString("utf8");
    const found = documentsIn(text, number, refuse);
    [pieces, length, number] = [[], 0, number + 1];
    return found;
  };
  for await (const bytes of chunks) {
    let from = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
      take(bytes.subarray(from, end));
      yield* finish();
      from = end + 1;
    }
    take(bytes.subarray(from));
  }
  if (length > 0) yield* finish();
}

const newline = 10;

function documentsIn(line: string, number: number, refuse: Refuse): unknown[] {
  const text = (number === 1 ? line.replace(/^\uFEFF/, "") : line).trim();
  if (text === "") return [];
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    refuse(number, `is not JSON: ${quoted(text, 60)}`);
    return [];
  }
}
