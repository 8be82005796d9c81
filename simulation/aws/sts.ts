// The STS that knows the keys of a simulated IAM.

import { GetCallerIdentityCommand, type STSClient, STSServiceException } from "@aws-sdk/client-sts";
import type { AccessKey } from "../../shared/secrets/outside.ts";
import { commandName } from "../commands.ts";
import type { SimulatedIam } from "./iam.ts";

/** Clients that sign with the key that they are given, as `Outside.sts`. Asking who one is counts as a use of the key. */
export function createSts(iam: SimulatedIam): (key: AccessKey) => Pick<STSClient, "send"> {
  // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
  return (key) => ({ send: (async (command: unknown) => answer(iam, key, command)) as STSClient["send"] });
}

function answer(iam: SimulatedIam, { accessKeyId, secretAccessKey }: AccessKey, command: unknown): object {
  if (!(command instanceof GetCallerIdentityCommand)) {
    throw new Error(`the simulated STS does not implement ${commandName(command)}`);
  }
  const key = iam.keys.get(accessKeyId);
  if (key === undefined || key.status !== "Active" || key.knownAt > iam.now()) {
    throw refusal("InvalidClientTokenId", "The security token included in the request is invalid.");
  }
  if (key.secret !== secretAccessKey) {
    throw refusal("SignatureDoesNotMatch", "The request signature we calculated does not match.");
  }
  key.usedAt = iam.now();
  const Arn = `arn:aws:iam::${iam.account}:user/${key.user}`;
  return { $metadata: { httpStatusCode: 200 }, UserId: `AIDA${key.user}`, Account: iam.account, Arn };
}

function refusal(name: string, message: string): STSServiceException {
  return new STSServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode: 403 } });
}
