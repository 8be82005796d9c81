import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { day } from "../../shared/instant.ts";
import { createKms } from "../../simulation/aws/kms.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectKms, KmsConnection } from "./kms.contract.ts";

export async function connectSimulatedKms(): Promise<KmsConnection> {
  const kms = createKms({ now: Date.now, account: "111122223333", region: "us-east-1" });
  return {
    send: kms.send,
    async makeKey(alias) {
      return kms.put(crypto.randomUUID(), alias === undefined ? {} : { alias }).id;
    },
    async disable(id) {
      kms.put(id, { state: "Disabled" });
    },
    async scheduleDeletion(id) {
      kms.put(id, { state: "PendingDeletion", deletionAt: Date.now() + 7 * day });
    },
  };
}

export function connectKms(endpoint: () => Promise<string>): ConnectKms {
  return async () => {
    const client = new KMSClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    return {
      send: client.send.bind(client),
      async makeKey(AliasName) {
        const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
        const TargetKeyId = KeyMetadata?.KeyId ?? "";
        if (AliasName !== undefined) await client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
        return TargetKeyId;
      },
      async disable(KeyId) {
        await client.send(new DisableKeyCommand({ KeyId }));
      },
      async scheduleDeletion(KeyId) {
        await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      },
    };
  };
}
