// What the simulated KMS claims of keys.

import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface KmsConnection {
  send: KMSClient["send"];
  /** With this alias, where one is given; its id. */
  makeKey(alias?: string): Promise<string>;
  disable(id: string): Promise<void>;
  /** After seven days. */
  scheduleDeletion(id: string): Promise<void>;
}

export type ConnectKms = () => Promise<KmsConnection>;

export function kmsContract(name: string, connect: ConnectKms, exceptions: Exceptions = {}): void {
  describe(`${name}: KMS`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("tells of a key by its id, its ARN and its alias", async () => {
      const { send, makeKey } = await connect();
      const alias = `alias/contract-${crypto.randomUUID()}`;
      const id = await makeKey(alias);
      const { KeyMetadata } = await send(new DescribeKeyCommand({ KeyId: id }));
      const known = { KeyId: id, Enabled: true, KeyState: "Enabled", KeyManager: "CUSTOMER", Origin: "AWS_KMS" };
      expect(KeyMetadata).toMatchObject(known);
      expect(KeyMetadata?.Arn).toMatch(new RegExp(`^arn:aws:kms:us-east-1:\\d{12}:key/${id}$`));
      expect(KeyMetadata).not.toHaveProperty("DeletionDate");
      for (const KeyId of [KeyMetadata?.Arn, alias, KeyMetadata?.Arn?.replace(/key\/.*$/, alias)]) {
        expect((await send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyId).toBe(id);
      }
    });
    claim("tells of a key that is disabled", async () => {
      const { send, makeKey, disable } = await connect();
      const KeyId = await makeKey();
      await disable(KeyId);
      const { KeyMetadata } = await send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false });
    });
    claim("tells when a key is to be deleted", async () => {
      const { send, makeKey, scheduleDeletion } = await connect();
      const KeyId = await makeKey();
      const begun = Date.now();
      await scheduleDeletion(KeyId);
      const { KeyMetadata } = await send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({ KeyState: "PendingDeletion", Enabled: false });
      const inMs = (KeyMetadata?.DeletionDate?.getTime() ?? 0) - begun;
      expect(Math.abs(inMs - 7 * 86_400_000)).toBeLessThan(60_000);
    });
    claim("does not find a key that is not there, nor an alias", async () => {
      const { send } = await connect();
      for (const KeyId of [crypto.randomUUID(), `alias/absent-${crypto.randomUUID()}`]) {
        const asked = send(new DescribeKeyCommand({ KeyId }));
        await expect(asked).rejects.toMatchObject({ name: "NotFoundException" });
      }
    });
    claim("does not find a key of another region", async () => {
      const { send, makeKey } = await connect();
      const { KeyMetadata } = await send(new DescribeKeyCommand({ KeyId: await makeKey() }));
      const KeyId = KeyMetadata?.Arn?.replace("us-east-1", "eu-central-1");
      await expect(send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: "NotFoundException" });
    });
    end();
  });
}
