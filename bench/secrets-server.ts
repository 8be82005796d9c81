import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Broken } from "../shared/failures.ts";

// moto, an AWS that is not ours, with secrets in it. The contract's installation is used where it is there:
// node test/contract/install-servers.ts.

const python = fileURLToPath(new URL("../.cache/moto/bin/python", import.meta.url));

export const isInstalled = existsSync(python);

/** Made within the server: over HTTP each of them would look at all that are there. */
const script = `
import sys, time
from moto.secretsmanager.models import secretsmanager_backends, FakeSecret
from moto.server import main
count, port = int(sys.argv[1]), sys.argv[2]
store = secretsmanager_backends["123456789012"]["us-east-1"].secrets
now = int(time.time())
for index in range(count):
    name, place = f"team-{index % 50}/service-{index}/credential", index % 20
    tags = [] if place == 0 else [{"Key": "nightshift:kind", "Value": "api-key"}]
    created = now - (100 if place == 2 else 40) * 86400
    version = {"secret_string": "x", "createdate": created, "version_id": "1", "version_stages": ["AWSCURRENT"]}
    secret = FakeSecret("123456789012", "us-east-1", name, version, "1", secret_string="x", tags=tags,
        version_stages=["AWSCURRENT"], last_changed_date=created, created_date=created)
    if place != 1:
        secret.rotation_requested = secret.rotation_enabled = True
        secret.rotation_lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:rotate"
        secret.auto_rotate_after_days, secret.next_rotation_date = 88, now + 86400
    dict.__setitem__(store, name, secret)
main(["-H", "127.0.0.1", "-p", port])
`;

export interface Filled {
  endpoint: string;
  stop(): void;
}

/** Starts the server with so many secrets in it, on a free port, and waits until it answers. */
export async function startFilled(count: number): Promise<Filled> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(python, ["-c", script, String(count), String(port)], { stdio: "ignore" });
  const stop = () => void server.kill();
  process.once("exit", stop);
  await untilHealthy(server, `${endpoint}/moto-api/`);
  return { endpoint, stop };
}

async function untilHealthy(server: ChildProcess, address: string): Promise<void> {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    const isThere = await fetch(address)
      .then(({ ok }) => ok)
      .catch(() => false);
    if (isThere) return;
    await wait(100);
  }
  server.kill();
  throw new Broken("moto does not answer");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
