import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { createConfig } from "../../simulation/aws/config-service.ts";
import type { ConfigConnection, ConnectConfig } from "./config.contract.ts";
import { credentials } from "./dynamodb-local.ts";

export async function connectSimulatedConfig(): Promise<ConfigConnection> {
  const config = createConfig({ now: Date.now, account: "111122223333", region: "us-east-1" });
  return {
    send: config.send,
    async record(isRecording) {
      if (config.recorder !== null) config.recorder.isRecording = isRecording;
    },
  };
}

export function connectConfig(endpoint: () => Promise<string>): ConnectConfig {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ConfigServiceClient(settings);
    return {
      send: client.send.bind(client),
      async record(isRecording) {
        const name = "default";
        const ConfigurationRecorder = { name, roleARN: "arn:aws:iam::111122223333:role/config" };
        await client.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
        const s3BucketName = `contract-${crypto.randomUUID()}`;
        await new S3Client({ ...settings, forcePathStyle: true }).send(
          new CreateBucketCommand({ Bucket: s3BucketName }),
        );
        await client.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name, s3BucketName } }));
        await client.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: name }));
        if (!isRecording) await client.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: name }));
      },
    };
  };
}
