import { CreateUserCommand, IAMClient, UploadServerCertificateCommand } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { day } from "../../shared/instant.ts";
import { createIam } from "../../simulation/aws/iam.ts";
import { createSts } from "../../simulation/aws/sts.ts";
import { createAuthority } from "../secrets/authority.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectIam, IamConnection } from "./iam.contract.ts";

export async function connectSimulatedIam(): Promise<IamConnection> {
  const now = () => Date.UTC(2027, 0, 1);
  const iam = createIam({ now, account: "111122223333" });
  const user = `user-${crypto.randomUUID()}`;
  iam.putUser(user, { team: "shop" });
  return {
    ...{ send: iam.send, sts: createSts(iam), user },
    putServerCertificate: async (name) => iam.putServerCertificate(name, now() + day),
  };
}

/** An implementation behind HTTP. */
export function connectIam(endpoint: () => Promise<string>): ConnectIam {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", maxAttempts: 1 };
    const iam = new IAMClient({ ...settings, credentials });
    const user = `user-${crypto.randomUUID()}`;
    await iam.send(new CreateUserCommand({ UserName: user, Tags: [{ Key: "team", Value: "shop" }] }));
    return {
      ...{ send: iam.send.bind(iam), user },
      sts: (key) => new STSClient({ ...settings, credentials: key }),
      putServerCertificate: async (ServerCertificateName) => {
        const { certificate, privateKey } = selfSigned();
        const input = { ServerCertificateName, CertificateBody: certificate, PrivateKey: privateKey };
        await iam.send(new UploadServerCertificateCommand(input));
      },
    };
  };
}

export function selfSigned() {
  const now = Date.now();
  return createAuthority({ name: "shop.example.com", from: now - day, to: now + 30 * day });
}
