/** Why a step of a rotation did not come to its end, as far as the one who mends it must know. */
export const failureReasons = [
  /** The host does not answer, or not in time. */
  "network",
  /** It answers, and its certificate or its protocol is not to be trusted. */
  "tls",
  /** It knows the user or the key not, or the password is wrong. Only this is evidence that a credential is dead. */
  "authentication",
  /** Whoever was let in may not do what must be done. */
  "privilege",
  /** The rules of the other side, or ours, do not allow it now. */
  "policy",
  "throttle",
  /** The encryption key cannot be used. */
  "kms",
  /** The secret does not hold what its strategy needs. */
  "malformed",
  /** The other side failed for reasons of its own. */
  "service",
] as const;

export type FailureReason = (typeof failureReasons)[number];

/**
 * An expected outcome, so it is a value. Neither text ever holds anything of a secret's value, nor what a server or driver said
 * word for word: those repeat what they were sent.
 */
export interface Failure {
  failed: FailureReason;
  /** What does not work, and where. */
  message: string;
  /** How to mend it. */
  remedy: string;
}

export function failure(failed: FailureReason, message: string, remedy: string): Failure {
  return { failed, message, remedy };
}

export function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "failed" in value;
}

/** Whether it may go away by itself: whoever tries again later may succeed. */
export function isPassing({ failed }: Failure): boolean {
  return failed === "network" || failed === "throttle" || failed === "service";
}
