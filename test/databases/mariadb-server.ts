// A MariaDB server of a test's own: apt package mariadb-server.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "../../sandbox/server.ts";
import type { Target } from "../../shared/secrets/outside.ts";
import { makeCertificates, missingOpenssl } from "./certificates.ts";
import { startDatabase } from "./database-process.ts";

export interface MariaDb {
  port: number;
  /** As whom everything may be done. */
  root: Target;
  /** The authority of its certificate, which is for `localhost`; and one that has not signed it. */
  ca: string;
  otherCa: string;
  /** Its general log: every statement that it was sent. */
  log(): string;
  stop(): Promise<void>;
}

/** Why it cannot be started here, in one line; undefined if it can. */
export function missingMariaDb(): string | undefined {
  for (const command of ["mariadbd", "mariadb-install-db"]) {
    if (spawnSync(command, ["--no-defaults", "--help"], { stdio: "ignore" }).error !== undefined) {
      return `${command} is not installed (apt-get install mariadb-server)`;
    }
  }
  return missingOpenssl();
}

/** Starts one on a free port of 127.0.0.1, with a folder of its own. Without `tls` it offers no encryption. */
export async function startMariaDb(options: { tls: boolean } = { tls: true }): Promise<MariaDb> {
  const folder = mkdtempSync(join(tmpdir(), "nightshift-mariadb-"));
  const at = (name: string) => join(folder, name);
  const { username } = userInfo();
  const own = ["--no-defaults", `--user=${username}`, `--datadir=${at("data")}`];
  const made = spawnSync("mariadb-install-db", [...own, "--skip-test-db", "--auth-root-authentication-method=normal"], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stdout}${made.stderr}`);
  const { ca, otherCa, caFile, certificateFile, keyFile } = makeCertificates(folder);
  const port = await freePort();
  writeFileSync(at("init.sql"), `CREATE USER keeper@'%' IDENTIFIED BY '${rootPassword}';\n${grantAll}\n`);
  const server = await startDatabase(
    "mariadbd",
    [
      ...own,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${at("socket")}`,
      `--pid-file=${at("pid")}`,
      `--init-file=${at("init.sql")}`,
      "--skip-name-resolve",
      "--general-log=1",
      `--general-log-file=${at("general.log")}`,
      "--innodb-buffer-pool-size=16M",
      "--innodb-flush-log-at-trx-commit=0",
      ...(options.tls ? [`--ssl-ca=${caFile}`, `--ssl-cert=${certificateFile}`, `--ssl-key=${keyFile}`] : []),
    ],
    /ready for connections/,
  );
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
    log: () => readFileSync(at("general.log"), "latin1"),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const rootPassword = "all-may-be-done";
const grantAll = "GRANT ALL PRIVILEGES ON *.* TO keeper@'%' WITH GRANT OPTION;";
