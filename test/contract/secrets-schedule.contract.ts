// What audit-secrets relies on when it attaches a rotation: nothing that works is rotated by it.

import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";
import type { ConnectSecrets } from "./secrets-manager.contract.ts";

export function secretsScheduleContract(name: string, connect: ConnectSecrets, exceptions: Exceptions = {}): void {
  describe(`${name}: schedules of Secrets Manager`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("takes a schedule without rotating now: the current value stays", async () => {
      const { send, functionArn } = await connect();
      const created = { Name: `contract/${crypto.randomUUID()}`, SecretString: "one" };
      const { ARN: SecretId } = await send(new CreateSecretCommand(created));
      const RotationRules = { AutomaticallyAfterDays: 88 };
      const attached = { SecretId, RotationLambdaARN: functionArn, RotationRules, RotateImmediately: false };
      await send(new RotateSecretCommand(attached));
      expect(await send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
        RotationEnabled: true,
        RotationRules,
      });
      expect((await send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe("one");
    });
    end();
  });
}
