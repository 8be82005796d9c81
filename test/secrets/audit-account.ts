import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { day } from "../../shared/instant.ts";
import { type AuditedAccount, rotateFunction } from "../../simulation/audited-account.ts";
import type { Secret } from "../../simulation/aws/secrets-manager-secret.ts";

/** A secret that is new and rotated every 88 days, changed as the test wants it. */
export async function createSecret(
  { secretsManager, clock }: AuditedAccount,
  name: string,
  change: (secret: Secret) => void = () => {},
  tags: Record<string, string> = { "nightshift:kind": "api-key" },
  text = "hidden",
): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: text, Tags }));
  const secret = secretsManager.secret(name);
  secret.rotation = { enabled: true, functionArn: rotateFunction, rules: { AutomaticallyAfterDays: 88 } };
  secret.nextRotationAt = clock.at + 88 * day;
  secret.accessedAt = clock.at;
  change(secret);
  secretsManager.remember(secret);
}

/** A certificate that begins now. */
export function selfSigned(days: number): { pem: string; key: string } {
  const directory = mkdtempSync(join(tmpdir(), "nightshift-certificate-"));
  try {
    const files = ["-keyout", "key.pem", "-out", "certificate.pem"];
    const words = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      String(days),
      "-subj",
      "/CN=shop",
      ...files,
    ];
    const made = spawnSync("openssl", words, { cwd: directory });
    if (made.status !== 0) throw new Error(`openssl failed: ${made.stderr}`);
    const read = (file: string) => readFileSync(join(directory, file), "utf8");
    return { pem: read("certificate.pem"), key: read("key.pem") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
