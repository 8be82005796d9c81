import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { createCloudWatch } from "../../simulation/aws/cloudwatch.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectMetrics, MetricsConnection } from "./metrics.contract.ts";

export async function connectSimulatedMetrics(): Promise<MetricsConnection> {
  const now = () => Date.UTC(2027, 0, 1);
  const { send } = createCloudWatch({ account: "111122223333", region: "us-east-1", now });
  return { send, now, namespace: "Contract", metric: "Load" };
}

/** An implementation behind HTTP. */
export function connectMetrics(endpoint: () => Promise<string>): ConnectMetrics {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new CloudWatchClient(settings);
    const unique = crypto.randomUUID();
    return { send: client.send.bind(client), now: Date.now, namespace: `Contract/${unique}`, metric: `Load-${unique}` };
  };
}
