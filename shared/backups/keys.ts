import type { Evidence, KeyState, RecoveryPoint } from "./types.ts";

type Keys = Pick<Evidence, "keys">;

/** Of the key that a point is encrypted with. */
export function keyStateOf({ key }: RecoveryPoint, { keys }: Keys): KeyState {
  if (key === null) return "aws-owned";
  return key.isAwsManaged ? "aws-managed" : (keys.get(key.arn) ?? "unknown");
}

/** KMS decrypts with neither, also not in the days before a key that is to be deleted is gone. */
export function isKeyLost(point: RecoveryPoint, evidence: Keys): boolean {
  const state = keyStateOf(point, evidence);
  return state === "disabled" || state === "pending-deletion";
}

const nearestToUselessFirst: readonly KeyState[] = [
  "pending-deletion",
  "disabled",
  "unknown",
  "enabled",
  "aws-managed",
  "aws-owned",
];

/** The state of the key that is nearest to making a point useless; null where there is no point. */
export function worstKey(points: readonly RecoveryPoint[], evidence: Keys): KeyState | null {
  const states = points.map((point) => keyStateOf(point, evidence));
  return nearestToUselessFirst.find((state) => states.includes(state)) ?? null;
}
