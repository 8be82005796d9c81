// What the simulated Lambda claims of a function's configuration.

import { GetFunctionConfigurationCommand, type LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { describe, expect } from "vitest";
import { createClaims, type Exceptions } from "./claims.ts";

export interface LambdaConnection {
  send: LambdaClient["send"];
  /** A function that is there, outside of any VPC. */
  functionArn: string;
}

export type ConnectLambda = () => Promise<LambdaConnection>;

export function lambdaContract(name: string, connect: ConnectLambda, exceptions: Exceptions = {}): void {
  describe(`${name}: Lambda`, () => {
    const { claim, end } = createClaims(name, exceptions);
    claim("tells of a function by its ARN where it stands: in no VPC", async () => {
      const { send, functionArn } = await connect();
      const found = await send(new GetFunctionConfigurationCommand({ FunctionName: functionArn }));
      expect(found.FunctionArn).toBe(functionArn);
      expect(found.VpcConfig?.VpcId ?? "").toBe("");
    });
    claim("tells what it is described as, and its variables", async () => {
      const { send, functionArn } = await connect();
      const found = await send(new GetFunctionConfigurationCommand({ FunctionName: functionArn }));
      expect(found).toMatchObject({ Description: "a function", Environment: { Variables: { TEAM: "shop" } } });
    });
    claim("does not find a function that is not there", async () => {
      const { send, functionArn } = await connect();
      const asked = send(new GetFunctionConfigurationCommand({ FunctionName: `${functionArn}-gone` }));
      await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
    end();
  });
}
