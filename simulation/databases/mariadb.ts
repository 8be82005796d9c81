// As much of a MariaDB as a rotation with two passwords asks for: logins, what an account is, and ALTER USER … IDENTIFIED VIA.
// test/secrets holds the strategy to a real server; here it is held to time and to faults.

import { createHash } from "node:crypto";
import type { Connect } from "../../shared/secrets/outside.ts";
import { type Logins, unreachable } from "./logins.ts";

export function mysqlHash(password: string): string {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
}

export function connectMariaDb(serverOf: (host: string) => Logins | null): Connect {
  return async ({ host, user, password }) => {
    const server = serverOf(host);
    if (server?.isReachable !== true) throw unreachable(host);
    if (server.hashesOf(user)?.includes(mysqlHash(password)) !== true) throw refused(user);
    return {
      query: async (statement) => {
        if (!server.isReachable) throw unreachable(host);
        return answer(server, user, statement);
      },
      end: async () => {},
    };
  };
}

function answer(server: Logins, user: string, statement: string): Record<string, unknown>[] {
  if (statement === "SELECT VERSION()") return [{ version: "10.11.14-MariaDB" }];
  if (statement === "SELECT CURRENT_USER()") return [{ user: `${user}@%` }];
  if (statement === "SHOW CREATE USER CURRENT_USER()") {
    const methods = (server.hashesOf(user) ?? []).map((hash) => `mysql_native_password USING '${hash}'`);
    return [{ created: `CREATE USER \`${user}\`@\`%\` IDENTIFIED VIA ${methods.join(" OR ")}` }];
  }
  const [, changed = "", methods = ""] = /^ALTER USER `([^`]+)`@`%` IDENTIFIED VIA (.*)$/.exec(statement) ?? [];
  const hashes = [...methods.matchAll(/mysql_native_password USING '(\*[0-9A-F]{40})'/g)].map(([, hash = ""]) => hash);
  if (changed === "" || hashes.length === 0) throw new Error(`the simulated MariaDB does not know ${statement}`);
  server.put(changed, hashes);
  return [];
}

function refused(user: string): Error {
  const message = `Access denied for user '${user}'`;
  return Object.assign(new Error(message), { code: "ER_ACCESS_DENIED_ERROR", errno: 1045, sqlState: "28000" });
}
