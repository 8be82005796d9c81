import { Socket } from "node:net";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import type { Client } from "pg";
import type { Connect, Session, Target } from "../outside.ts";

/** `Outside.postgres` by the driver `pg`, which is loaded when it is first used. */
export const connectPostgres: Connect = async (target) => {
  const { default: driver } = await import("pg");
  const socket = new Socket();
  const client = new driver.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database ?? usualDatabase,
    ssl: tlsOptions(target),
    stream: () => socket,
    application_name: "nightshift",
    connectionTimeoutMillis: target.timeoutMs,
    query_timeout: target.timeoutMs,
  });
  // A connection that breaks while nothing is asked is told by the next question.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return sessionOf(client, socket);
};

/**
 * The one that every server has. PostgreSQL's own default, the one named as the user, is not there for a user who takes turns
 * with another.
 */
const usualDatabase = "postgres";

function sessionOf(client: Client, socket: Socket): Session {
  return {
    async query(statement, values) {
      const { rows } = await (values === undefined ? client.query(statement) : client.query(statement, [...values]));
      return rows;
    },
    async end() {
      // Who does not answer a farewell is left without one.
      const deadline = setTimeout(() => socket.destroy(), farewellMs);
      await client.end().catch(() => undefined);
      clearTimeout(deadline);
    },
  };
}

const farewellMs = 1_000;

/** The driver never goes on without TLS when it is asked for it: a server that has none is an error. */
function tlsOptions({ host, tls }: Target): ConnectionOptions | false {
  const authorities = tls.authorities === null ? {} : { ca: tls.authorities };
  switch (tls.mode) {
    case "disable":
      return false;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { ...authorities, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return {
        ...authorities,
        rejectUnauthorized: true,
        // The driver names the host whatever it is told, so the name is checked here.
        checkServerIdentity: (_, certificate) => checkServerIdentity(tls.serverName ?? host, certificate),
      };
    default:
      return tls.mode satisfies never;
  }
}
