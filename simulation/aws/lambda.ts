// A Lambda that lives in memory and runs nothing: it tells how a function is configured. What it claims is a suite in
// test/contract, to which moto is held as well.

import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandInput,
  type GetFunctionConfigurationCommandOutput,
  type LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { commandName } from "../commands.ts";

export interface FunctionRecord {
  arn: string;
  name: string;
  /** Null outside of any VPC. */
  vpcId: string | null;
  timeoutSeconds: number;
  description?: string;
  variables?: Readonly<Record<string, string>>;
}

export interface SimulatedLambda {
  /** As the SDK client's. What is not simulated throws an Error that names the command or parameter. */
  send: LambdaClient["send"];
  put(record: FunctionRecord): void;
}

export function createLambda(): SimulatedLambda {
  const functions: FunctionRecord[] = [];
  return {
    // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
    send: (async (command: unknown) => {
      if (command instanceof GetFunctionConfigurationCommand) return configurationOf(functions, command.input);
      throw new Error(`the simulated Lambda does not implement ${commandName(command)}`);
    }) as LambdaClient["send"],
    put: (record) => void functions.push(record),
  };
}

function configurationOf(
  functions: readonly FunctionRecord[],
  { FunctionName, Qualifier }: GetFunctionConfigurationCommandInput,
): GetFunctionConfigurationCommandOutput {
  if (Qualifier !== undefined) throw new Error("the simulated Lambda does not implement Qualifier");
  const found = functions.find(({ arn, name }) => FunctionName === arn || FunctionName === name);
  if (found === undefined) {
    throw new ResourceNotFoundException({
      message: `Function not found: ${FunctionName}`,
      Type: "User",
      $metadata: { httpStatusCode: 404 },
    });
  }
  const { arn, name, vpcId, timeoutSeconds, description = "", variables } = found;
  return {
    $metadata: { httpStatusCode: 200 },
    FunctionArn: arn,
    FunctionName: name,
    Timeout: timeoutSeconds,
    Description: description,
    ...(variables === undefined ? {} : { Environment: { Variables: { ...variables } } }),
    ...(vpcId === null ? {} : { VpcConfig: { VpcId: vpcId, SubnetIds: [], SecurityGroupIds: [] } }),
  };
}
