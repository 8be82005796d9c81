import { LambdaClient } from "@aws-sdk/client-lambda";
import { createLambda } from "../../simulation/aws/lambda.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectLambda, LambdaConnection } from "./lambda.contract.ts";

export async function connectSimulatedLambda(): Promise<LambdaConnection> {
  const lambda = createLambda();
  const arn = "arn:aws:lambda:us-east-1:111122223333:function:rotate-secrets";
  const told = { description: "a function", variables: { TEAM: "shop" } };
  lambda.put({ arn, name: "rotate-secrets", vpcId: null, timeoutSeconds: 300, ...told });
  return { send: lambda.send, functionArn: arn };
}

/** `made` makes a function there, once. */
export function connectLambda(
  endpoint: () => Promise<string>,
  made: (endpoint: string) => Promise<string>,
): ConnectLambda {
  let making: Promise<string> | undefined;
  return async () => {
    const at = await endpoint();
    making ??= made(at);
    const functionArn = await making;
    const client = new LambdaClient({ endpoint: at, region: "us-east-1", credentials, maxAttempts: 1 });
    return { send: client.send.bind(client), functionArn };
  };
}
