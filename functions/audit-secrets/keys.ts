import { DescribeKeyCommand, type KMSClient, NotFoundException } from "@aws-sdk/client-kms";
import type { Gaps } from "./gaps.ts";
import type { KeyState } from "./observed.ts";

/** What is known of the keys that secrets name: each is asked for once. */
export interface KeyBook {
  /** Null for AWS's own, and for one that could not be asked for. */
  stateOf(key: string): Promise<KeyState | null>;
}

export function createKeyBook(kms: Pick<KMSClient, "send">, gaps: Gaps): KeyBook {
  const known = new Map<string, KeyState | null>();
  return {
    async stateOf(key) {
      if (/(^|:)alias\/aws\//.test(key)) return null;
      const before = known.get(key);
      if (before !== undefined) return before;
      if (known.size >= maximumKeys) {
        gaps.add(`only ${maximumKeys} keys were looked at, and there are more`);
        return null;
      }
      const state = await gaps.around(`the key ${key}`, () => ask(kms, key));
      known.set(key, state);
      return state;
    },
  };
}

const maximumKeys = 500;

async function ask(kms: Pick<KMSClient, "send">, key: string): Promise<KeyState | null> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key }));
    switch (KeyMetadata?.KeyState) {
      case "Enabled":
      case "Updating":
      case "Creating":
        return "usable";
      case "PendingDeletion":
      case "PendingReplicaDeletion":
        return "pending deletion";
      default:
        return "disabled";
    }
  } catch (error) {
    if (error instanceof NotFoundException) return "absent";
    // Another account's, or one whose policy lets nobody ask: nothing is known of it, and never will be.
    if (error instanceof Error && error.name === "AccessDeniedException") return null;
    throw error;
  }
}
