import { ACMClient } from "@aws-sdk/client-acm";
import { createAcm } from "../../simulation/aws/acm.ts";
import type { AcmConnection, ConnectAcm } from "./acm.contract.ts";
import { credentials } from "./dynamodb-local.ts";

export async function connectSimulatedAcm(): Promise<AcmConnection> {
  const now = () => Date.UTC(2027, 0, 1);
  return { send: createAcm({ now, account: "123456789012", region: "us-east-1" }).send, now };
}

/** An implementation behind HTTP. */
export function connectAcm(endpoint: () => Promise<string>): ConnectAcm {
  return async () => {
    const client = new ACMClient({ endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 });
    return { send: client.send.bind(client), now: Date.now };
  };
}
