// A Redis server of a test's own: apt package redis-server.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../sandbox/server.ts";
import type { Target } from "../../shared/secrets/outside.ts";
import { makeCertificates, missingOpenssl } from "./certificates.ts";
import { startDatabase } from "./database-process.ts";
import { saysMissing } from "./missing.ts";

export interface Redis {
  /** The port that speaks TLS when it does, else the plain one. */
  port: number;
  /** As whom everything may be done: the user `keeper`. */
  root: Target;
  ca: string;
  otherCa: string;
  /** What its ACL file holds; empty without one. */
  file(): string;
  stop(): Promise<void>;
}

/** Why it cannot be started here, in one line; undefined if it can. */
export function missingRedis(): string | undefined {
  const { error, stdout } = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  if (error !== undefined) return "redis-server is not installed (apt-get install redis-server)";
  return /v=([7-9]|\d\d)\./.test(stdout) ? missingOpenssl() : "redis-server is older than 7";
}

/** Whether there can be none here; then it says why, in a line, for the suite that is skipped. */
export function withoutRedis(name: string): boolean {
  return saysMissing(name, "Redis", missingRedis());
}

/** Starts one on a free port of 127.0.0.1, in memory, with or without TLS and an ACL file. */
export async function startRedis(options: { tls: boolean; file: boolean } = { tls: true, file: true }): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-redis-"));
  const at = (name: string) => join(folder, name);
  const { ca, otherCa, caFile, certificateFile, keyFile } = makeCertificates(folder);
  const port = await freePort();
  const keeper = `user keeper on >${rootPassword} ~* &* +@all`;
  writeFileSync(at("users.acl"), `user default off\n${keeper}\n`);
  const listening = options.tls
    ? [`port 0`, `tls-port ${port}`, `tls-ca-cert-file ${caFile}`, `tls-cert-file ${certificateFile}`]
    : [`port ${port}`];
  const configuration = [
    "bind 127.0.0.1",
    ...listening,
    ...(options.tls ? [`tls-key-file ${keyFile}`, "tls-auth-clients no"] : []),
    `dir ${folder}`,
    'save ""',
    options.file ? `aclfile ${at("users.acl")}` : keeper,
  ];
  writeFileSync(at("redis.conf"), `${configuration.join("\n")}\n`);
  const server = await startDatabase("redis-server", [at("redis.conf")], /Ready to accept connections/);
  return {
    port,
    root: {
      host: "localhost",
      port,
      user: "keeper",
      password: rootPassword,
      database: null,
      tls: { mode: options.tls ? "verify-full" : "disable", authorities: ca, serverName: null },
      timeoutMs: 10_000,
    },
    ca,
    otherCa,
    file: () => (options.file ? readFileSync(at("users.acl"), "utf8") : ""),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const rootPassword = "all-may-be-done";
