import type { Instant } from "../instant.ts";
import type { Failure } from "./failure.ts";
import type { Outside } from "./outside.ts";
import type { Tags } from "./tags.ts";
import type { Value } from "./value.ts";

/** One rotation of one secret, as its strategy sees it. */
export interface Rotation {
  secret: { arn: string; name: string; kind: string; tags: Tags };
  /** The version that is being made: the ClientRequestToken. */
  token: string;
  /** How many days the kind's policy allows; null for what says itself when it ends. */
  intervalDays: number | null;
  graceHours: number;
  outside: Outside;
  /** What was noted for this token, so that what was made outside is found again by whoever comes after a crash. */
  notes: Readonly<Record<string, string>>;
  /** Notes something before or after it is done. Durable when it resolves. Never part of a secret. */
  note: (notes: Readonly<Record<string, string>>) => Promise<void>;
  now: () => Instant;
}

/** The versions of a secret while it is rotated. */
export interface Versions {
  current: Value;
  pending: Value;
  /** AWSPREVIOUS; null when there is none, or when it is empty. */
  previous: Value | null;
}

/** One thing that was looked at before a rotation, without changing anything. */
export interface Check {
  /** login, privileges, host, TLS, … */
  what: string;
  /** Null when it is as it must be, or when nobody could look. */
  failure: Failure | null;
  /** What was seen, in a few words. */
  seen: string;
  /** Where nobody could look: it may be as it must be, or not. */
  isUnknown?: true;
}

/**
 * How one kind of credential is rotated. Every method may be called again after any crash, and then comes to the same end; what
 * it did already it does not do twice. Expected failures are values; what is thrown is a surprise.
 */
export interface Strategy {
  name: string;
  /** In a sentence, for plans and people. */
  summary: string;
  /** What it costs whoever uses the credential meanwhile, in a sentence; null when nobody loses a login. */
  cost: string | null;
  /** False where no login tells a dead credential from a living one: then `retire` is taken at its word. */
  provesDeath?: false;
  /** What each of the four steps would do with this secret, in a sentence each; for plans. Asks nobody. */
  steps(rotation: Rotation, current: Value): Steps | Failure;
  /** createSecret: the text of the new version. Called at most once for a token that has a value. */
  create(rotation: Rotation, current: Value): Promise<{ text: string } | Failure>;
  /** setSecret: makes the pending credential work, and leaves the current one working. */
  set(rotation: Rotation, versions: Versions): Promise<Failure | null>;
  /** testSecret: proves that the pending credential does what the current one does. */
  test(rotation: Rotation, versions: Versions): Promise<Failure | null>;
  /**
   * Whether a credential works: null when it does. Only a failure `authentication` proves that it does not; any other proves
   * nothing. What cannot be tried (a random value) always works.
   */
  login(rotation: Rotation, value: Value): Promise<Failure | null>;
  /**
   * After the grace: makes `dead` fail, and nothing else. `current` goes on working. Null also when it had failed before.
   */
  retire(rotation: Rotation, dead: Value, current: Value): Promise<Failure | null>;
  /** For what was made by `create` or `set` and will never be promoted: makes it fail, or removes it. */
  abandon(rotation: Rotation, pending: Value | null, current: Value): Promise<Failure | null>;
  /** Read-only: what would fail, before it fails at night. Changes nothing anywhere. */
  preflight(rotation: Rotation, current: Value): Promise<Check[]>;
}

export interface Steps {
  createSecret: string;
  setSecret: string;
  testSecret: string;
  finishSecret: string;
  /** After the grace. */
  retire: string;
}
