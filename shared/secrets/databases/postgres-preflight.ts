import { isFailure } from "../failure.ts";
import type { Outside } from "../outside.ts";
import type { Check } from "../strategy.ts";
import { inPostgres } from "./postgres-credentials.ts";
import type { DatabaseTarget } from "./target.ts";

/** The host, its TLS and the login, looked at in one connection: the first that fails keeps the next from being seen. */
export async function currentChecks(outside: Outside, current: DatabaseTarget): Promise<Check[]> {
  const encryption = await inPostgres(outside, current, "the current credential", async (session) => {
    const rows = await session.query("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl");
    return String(rows[0]?.version ?? "not encrypted");
  });
  const host: Check = { what: "host", failure: null, seen: "answers" };
  const tls: Check = { what: "tls", failure: null, seen: `trusted as ${current.tls.mode} asks` };
  if (!isFailure(encryption)) {
    const seen = `${encryption}, ${current.tls.mode}`;
    return [host, { ...tls, seen }, { what: "login", failure: null, seen: "the current credential is let in" }];
  }
  switch (encryption.failed) {
    case "network":
      return [{ ...host, failure: encryption, seen: "does not answer" }];
    case "tls":
      return [host, { ...tls, failure: encryption, seen: "not trusted" }];
    default:
      return [host, tls, { what: "login", failure: encryption, seen: "the current credential is not let in" }];
  }
}
