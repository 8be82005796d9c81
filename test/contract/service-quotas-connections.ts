import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { createServiceQuotas } from "../../simulation/aws/service-quotas.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectQuotas, QuotasConnection } from "./service-quotas.contract.ts";

/** Security groups of a VPC: one of those that every implementation has. */
const quota = { ServiceCode: "vpc", QuotaCode: "L-E79EC296" };

export async function connectSimulatedQuotas(): Promise<QuotasConnection> {
  const quotas = createServiceQuotas();
  quotas.put(quota.ServiceCode, quota.QuotaCode, 2_500);
  return { send: quotas.send, quota };
}

/** An implementation behind HTTP. */
export function connectQuotas(endpoint: () => Promise<string>): ConnectQuotas {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ServiceQuotasClient(settings);
    return { send: client.send.bind(client), quota };
  };
}
