// The three ways to fail. Everything else that can happen is an outcome, and outcomes are values.
// They are classes because a failure travels as an exception and is told apart with `instanceof`.

export interface FailureOptions {
  /** What was caught when this was thrown. */
  cause?: unknown;
  /** Further problems of the same kind, one line each: a person mends them all at once instead of one after the other. */
  also?: readonly string[];
}

/** The input is wrong and will stay wrong: do not retry. The CLI ends with 2. */
export class Refused extends Error {
  readonly also: readonly string[];

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Refused";
    this.also = options.also ?? [];
  }
}

/** Something that we depend on did not answer, or did not let us in: retry. The CLI ends with 3. */
export class Unavailable extends Error {
  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Unavailable";
  }
}

/** A thing that cannot be, is: our own bug. */
export class Broken extends Error {
  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Broken";
  }
}

/** What an error says of itself, in one line: for a log, or for another error's message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
