// What the simulated Config claims of its recorder. Its SQL no other implementation has.

import { type ConfigServiceClient, DescribeConfigurationRecorderStatusCommand } from "@aws-sdk/client-config-service";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface ConfigConnection {
  send: ConfigServiceClient["send"];
  /** Sets the region's only recorder up: recording, or stopped. */
  record(isRecording: boolean): Promise<void>;
}

export type ConnectConfig = () => Promise<ConfigConnection>;

export function configContract(name: string, connect: ConnectConfig, exceptions: Exceptions = {}): void {
  describe(`${name}: Config`, () => {
    const { claim, end } = createClaims(name, exceptions);
    for (const isRecording of [true, false]) {
      claim(`tells whether it records: ${isRecording}`, async () => {
        const { send, record } = await connect();
        await record(isRecording);
        const { ConfigurationRecordersStatus } = await send(new DescribeConfigurationRecorderStatusCommand({}));
        expect(ConfigurationRecordersStatus).toMatchObject([{ name: "default", recording: isRecording }]);
      });
    }
    end();
  });
}
