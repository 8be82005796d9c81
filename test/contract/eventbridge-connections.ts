import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createEventBridge } from "../../simulation/aws/eventbridge.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectEventBridge, EventBridgeConnection } from "./eventbridge.contract.ts";

export async function connectSimulatedEventBridge(): Promise<EventBridgeConnection> {
  return { send: createEventBridge({ now: Date.now }).send, bus: "default" };
}

export function connectEventBridge(endpoint: () => Promise<string>): ConnectEventBridge {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new EventBridgeClient(settings);
    return { send: client.send.bind(client), bus: "default" };
  };
}
