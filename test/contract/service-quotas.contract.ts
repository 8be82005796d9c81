// What the simulated Service Quotas claims of one quota.

import {
  GetServiceQuotaCommand,
  NoSuchResourceException,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface QuotasConnection {
  send: ServiceQuotasClient["send"];
  /** A quota that is there. */
  quota: { ServiceCode: string; QuotaCode: string };
}

export type ConnectQuotas = () => Promise<QuotasConnection>;

export function serviceQuotasContract(name: string, connect: ConnectQuotas, exceptions: Exceptions = {}): void {
  describe(`${name}: Service Quotas`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("tells the value of a quota", async () => {
      const { send, quota } = await connect();
      const { Quota } = await send(new GetServiceQuotaCommand(quota));
      expect(Quota).toMatchObject({ ...quota, Value: expect.any(Number) });
    });
    claim("refuses a quota that is not there", async () => {
      const { send, quota } = await connect();
      const asked = send(new GetServiceQuotaCommand({ ...quota, QuotaCode: "L-00000000" }));
      await expect(asked).rejects.toBeInstanceOf(NoSuchResourceException);
    });
    end();
  });
}
