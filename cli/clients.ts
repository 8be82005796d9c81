import { ACMClient } from "@aws-sdk/client-acm";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Refused, Unavailable } from "../shared/failures.ts";
import type { clientOptions } from "../shared/runtime.ts";
import type { Connected } from "./connection.ts";
import { checkVariables, notAws } from "./variables.ts";

// What connects to AWS, with the SDK: it is loaded when somebody connects.

/** The clients of the account and region that the usual variables lead to. */
export async function connectedWith(options: typeof clientOptions): Promise<Connected> {
  checkVariables(process.env);
  const secrets = new SecretsManagerClient(options);
  return {
    region: await regionOf(secrets),
    secrets,
    acm: new ACMClient(options),
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    // The first call: it shall not take long to say that there is nobody.
    sts: new STSClient({ ...options, maxAttempts: 2 }),
    ledger: new DynamoDBClient(options),
  };
}

/** That of the profile, where no variable states one. */
async function regionOf({ config }: SecretsManagerClient): Promise<string> {
  try {
    return await config.region();
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("Region not accepted"))) throw error;
    throw new Refused("the region of your AWS profile is none: state one there, or in AWS_REGION", { cause: error });
  }
}

/** Who we are, as AWS sees it. */
export async function whoWeAre({ sts }: Pick<Connected, "sts">): Promise<{ account: string; arn: string }> {
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  // A page of the web that can be read as XML is an answer without any of its fields.
  if (Account === undefined || Arn === undefined) throw new Unavailable(notAws(process.env));
  return { account: Account, arn: Arn };
}

/** The same client, with each call told to `count`, retries included. */
export function counted<Client extends object>(
  client: Client,
  count: (operation: string, times: number) => void,
): Client {
  return new Proxy(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== "send" || typeof value !== "function") return value;
      return async (command: object) => {
        const operation = command.constructor.name.replace(/Command$/, "");
        try {
          const output: unknown = await value.call(target, command);
          count(operation, attemptsOf(output));
          return output;
        } catch (error) {
          count(operation, attemptsOf(error));
          throw error;
        }
      };
    },
  });
}

/** The SDK tells it of every answer, and of every error that it gave up on. */
function attemptsOf(answer: unknown): number {
  const metadata: unknown = Object(answer).$metadata;
  const attempts: unknown = Object(metadata).attempts;
  return typeof attempts === "number" ? attempts : 1;
}
