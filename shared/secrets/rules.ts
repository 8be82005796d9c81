/** What audit-secrets can find wrong with a secret, in the order in which it is told. */
export const secretRules = [
  "no-rotation",
  "interval-too-long",
  "schedule-cannot-keep-interval",
  "overdue",
  "next-rotation-past",
  "stuck-pending",
  "rotation-failed",
  "unused",
  "key-wrong",
  "key-missing",
  "replica-out-of-sync",
  "certificate-expiring",
  "kind-unknown",
  "secret-malformed",
] as const;

export type SecretRule = (typeof secretRules)[number];
