import { DescribeKeyCommand, type KeyMetadata } from "@aws-sdk/client-kms";
import { isRestorable } from "../../shared/backups/restorable.ts";
import type { KeyState, RecoveryPoint } from "../../shared/backups/types.ts";
import type { Observers, Place } from "./observers.ts";

interface Looking {
  observers: Observers;
  place: Place;
}

/** The state of every key behind a point that could be restored from, asked where the key is. */
export async function keyStates(
  points: Iterable<readonly RecoveryPoint[]>,
  here: Looking,
  elsewhere: readonly Looking[],
): Promise<Map<string, KeyState>> {
  const states = new Map<string, KeyState>();
  const arns = [...points].flat().flatMap((point) => (isRestorable(point) ? (point.key?.arn ?? []) : []));
  for (const arn of new Set(arns)) {
    const there = elsewhere.find(({ place }) => arn.split(":")[3] === place.region) ?? here;
    states.set(arn, await keyState(there.observers, arn));
  }
  return states;
}

async function keyState({ kms }: Observers, arn: string): Promise<KeyState> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
    return stateOf(KeyMetadata);
  } catch {
    // Whether it could not be found or not be asked: nobody can say that it will decrypt anything.
    return "unknown";
  }
}

function stateOf(metadata: KeyMetadata | undefined): KeyState {
  switch (metadata?.KeyState) {
    case "Enabled":
      return metadata.KeyManager === "AWS" ? "aws-managed" : "enabled";
    case "Disabled":
    case "Unavailable":
      return "disabled";
    case "PendingDeletion":
    case "PendingReplicaDeletion":
      return "pending-deletion";
    default:
      return "unknown";
  }
}
