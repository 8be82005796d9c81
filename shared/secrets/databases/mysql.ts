import { connect as connectSocket, isIP, type Socket } from "node:net";
import type { Connection, SslOptions } from "mysql2/promise";
import type { Failure } from "../failure.ts";
import type { Connect, Session, Target } from "../outside.ts";
import { mysqlFailure } from "./mysql-failure.ts";
import { within as withinSession } from "./sessions.ts";
import { codeOf } from "./sockets.ts";

/**
 * Enters a MySQL or MariaDB server. Without `disable` everything is encrypted, or there is no connection: a server without TLS
 * fails with the code HANDSHAKE_NO_SSL_SUPPORT. No password ever goes over the wire as it is: the driver refuses a server that
 * asks for it (mysql_clear_password), and without TLS encrypts what caching_sha2_password wants with the server's key.
 */
export const connectMysql: Connect = async (target) => {
  const { createConnection } = await import("mysql2/promise");
  const { host, port, user, password, database, tls, timeoutMs } = target;
  const ssl = tlsOptions(target);
  const connection = await createConnection({
    // The driver holds this name against the certificate; the socket goes to the host all the same.
    host: tls.serverName ?? host,
    stream: () => socketTo(host, port),
    user,
    password,
    connectTimeout: timeoutMs,
    dateStrings: true,
    enableCleartextPlugin: false,
    ...(database === null ? {} : { database }),
    ...(ssl === null ? {} : { ssl }),
  });
  // A connection that breaks while nobody asks anything would end the process; the next question fails instead.
  connection.on("error", () => {});
  return sessionOf(connection, timeoutMs);
};

function socketTo(host: string, port: number): Socket {
  return connectSocket({ host, port, noDelay: true });
}

function tlsOptions({ host, tls }: Target): SslOptions | null {
  const name = tls.serverName ?? host;
  const ca = tls.authorities === null ? {} : { ca: tls.authorities };
  switch (tls.mode) {
    case "disable":
      return null;
    case "require":
      return { ...ca, rejectUnauthorized: false };
    case "verify-ca":
      return { ...ca, rejectUnauthorized: true, verifyIdentity: false };
    case "verify-full":
      // The driver would hold the certificate against `localhost`.
      if (isIP(name) !== 0) throw new AddressUnverified();
      return { ...ca, rejectUnauthorized: true, verifyIdentity: true };
    default:
      return tls.mode satisfies never;
  }
}

/** A name can be found in a certificate; with this driver an address cannot. */
class AddressUnverified extends Error {
  readonly code = "HANDSHAKE_ADDRESS_NEEDS_SSLSERVERNAME";
}

function sessionOf(connection: Connection, timeoutMs: number): Session {
  let isSilent = false;
  return {
    async query(sql, values = []) {
      // With values it is a prepared statement: they are never made part of the text.
      const asked = { sql, timeout: timeoutMs };
      try {
        const [rows] =
          values.length === 0
            ? await connection.query(asked)
            : await connection.execute({ ...asked, values: [...values] });
        return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
      } catch (error) {
        isSilent = codeOf(error) === "PROTOCOL_SEQUENCE_TIMEOUT";
        throw error;
      }
    },
    async end() {
      // Whoever did not answer a question in time would not answer a farewell.
      if (isSilent) {
        connection.destroy();
        return;
      }
      try {
        await connection.end();
      } catch {
        // It had ended before.
      }
    },
  };
}

/** Enters, does its work, and leaves. */
export function within<Result>(
  connect: Connect,
  target: Target,
  work: (session: Session) => Promise<Result | Failure>,
): Promise<Result | Failure> {
  return withinSession(connect, target, (error) => mysqlFailure(error), work);
}
