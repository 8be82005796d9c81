import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createSecretsManager } from "../../simulation/aws/secrets-manager.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectSecrets, SecretsConnection } from "./secrets-manager.contract.ts";

const home = { account: "111122223333", region: "us-east-1" };
const functionName = "rotate-secrets";

export async function connectSimulatedSecrets(): Promise<SecretsConnection> {
  const { send } = createSecretsManager({ ...home, now: () => Date.UTC(2026, 0, 1) });
  return { send, functionArn: `arn:aws:lambda:${home.region}:${home.account}:function:${functionName}` };
}

/** An implementation behind HTTP. `rotates` says which function may be named there; nobody calls it. */
export function connectSecrets(
  endpoint: () => Promise<string>,
  rotates: (endpoint: string) => Promise<string>,
): ConnectSecrets {
  let made: Promise<string> | undefined;
  return async () => {
    const at = await endpoint();
    made ??= rotates(at);
    const functionArn = await made;
    const client = new SecretsManagerClient({ endpoint: at, region: home.region, credentials, maxAttempts: 1 });
    return { send: client.send.bind(client), functionArn };
  };
}

/** MiniStack takes the name of any function. */
export async function anyFunction(): Promise<string> {
  return `arn:aws:lambda:${home.region}:000000000000:function:${functionName}`;
}

/** moto wants a function that is there, and would start it in a container unless it is told not to. */
export async function inertFunction(endpoint: string): Promise<string> {
  const body = JSON.stringify({ lambda: { use_docker: false } });
  const told = await fetch(`${endpoint}/moto-api/config`, { method: "POST", body });
  if (!told.ok) throw new Error(`moto takes no configuration: ${told.status}`);
  const settings = { endpoint, region: home.region, credentials, maxAttempts: 1 };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const role = new CreateRoleCommand({ RoleName: functionName, AssumeRolePolicyDocument });
  const { Role } = await new IAMClient(settings).send(role);
  const made = await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: Role?.Arn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Description: "a function",
      Environment: { Variables: { TEAM: "shop" } },
      Code: { ZipFile: Buffer.from(emptyArchive, "base64") },
    }),
  );
  return made.FunctionArn ?? "";
}

const emptyArchive = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==";
