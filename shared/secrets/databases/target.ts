import { type Failure, failure, isFailure } from "../failure.ts";
import { type Target, type Tls, tlsModes } from "../outside.ts";
import { type Fields, optionalField, textField } from "../value.ts";

export const engines = ["postgres", "mysql", "mariadb", "redis"] as const;
export type Engine = (typeof engines)[number];

/** Where a database is, as its secret says it: the fields that AWS's own rotation templates use, and three for TLS. */
export interface DatabaseTarget extends Target {
  engine: Engine;
}

/**
 * Reads `engine`, `host`, `port`, `username`, `password`, `dbname`, and for TLS `sslmode` (disable, require, verify-ca or
 * verify-full, which is the default), `sslrootcert` (PEM) and `sslservername`; AWS's `ssl` counts where `sslmode` is not there.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export function targetOf(fields: Fields): DatabaseTarget | Failure {
  const engine = engineOf(fields);
  if (isFailure(engine)) return engine;
  const host = hostOf(fields);
  if (isFailure(host)) return host;
  const port = portOf(fields, engine);
  if (isFailure(port)) return port;
  const user = textField(fields, "username");
  if (isFailure(user)) return user;
  const password = textField(fields, "password");
  if (isFailure(password)) return password;
  const tls = tlsOf(fields);
  if (isFailure(tls)) return tls;
  return { engine, host, port, user, password, database: optionalField(fields, "dbname"), tls, timeoutMs };
}

/** Long enough for a database that is being failed over to answer, and short enough for four steps in a row. */
const timeoutMs = 10_000;

export function engineOf(fields: Fields): Engine | Failure {
  const name = textField(fields, "engine");
  if (isFailure(name)) return name;
  const engine = Object.hasOwn(aliases, name) ? aliases[name] : engines.find((each) => each === name);
  if (engine !== undefined) return engine;
  return failure("malformed", "its field engine names no engine that is known", `state one of ${engines.join(", ")}`);
}

const aliases: Readonly<Record<string, Engine>> = {
  postgresql: "postgres",
  "aurora-postgresql": "postgres",
  aurora: "mysql",
  "aurora-mysql": "mysql",
};

function hostOf(fields: Fields): string | Failure {
  const host = textField(fields, "host");
  if (isFailure(host) || /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9.])?$/.test(host)) return host;
  return failure(
    "malformed",
    "its field host is no host's name",
    "state the name or address alone, without scheme or port",
  );
}

const ports: Record<Engine, number> = { postgres: 5432, mysql: 3306, mariadb: 3306, redis: 6379 };

function portOf(fields: Fields, engine: Engine): number | Failure {
  if (!Object.hasOwn(fields, "port")) return ports[engine];
  const port = Number(fields.port);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  return failure("malformed", "its field port is no port", "state a number from 1 to 65535, or leave it out");
}

/** Never less than what is stated: what cannot be kept is a failure when it connects. */
function tlsOf(fields: Fields): Tls | Failure {
  const stated = optionalField(fields, "sslmode");
  const mode = stated === null ? modeOfAws(fields.ssl) : tlsModes.find((each) => each === stated);
  if (mode === undefined) {
    return failure("malformed", "its field sslmode is none that is known", `state one of ${tlsModes.join(", ")}`);
  }
  const authorities = optionalField(fields, "sslrootcert");
  if (authorities !== null && !authorities.includes("-----BEGIN CERTIFICATE-----")) {
    return failure(
      "malformed",
      "its field sslrootcert is no PEM",
      "store the authority's certificate as PEM, or leave it out",
    );
  }
  return { mode, authorities, serverName: optionalField(fields, "sslservername") };
}

function modeOfAws(ssl: unknown): Tls["mode"] {
  return ssl === false || ssl === "false" ? "disable" : "verify-full";
}
