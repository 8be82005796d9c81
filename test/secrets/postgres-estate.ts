import { randomBytes } from "node:crypto";
import { connectPostgres } from "../../shared/secrets/databases/postgres.ts";
import { scramVerifier } from "../../shared/secrets/databases/scram.ts";
import type { Outside, Session, Target, Tls } from "../../shared/secrets/outside.ts";
import type { Rotation, Strategy } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import type { PostgresServer } from "../databases/postgres-server.ts";
import { administratorArn, outsideWith, promoted, rotationOf as rotationIn } from "../databases/secret.ts";

/** A role with its own schema, its secret, and the administrator who made it: no superuser, as on RDS. */
export interface Estate {
  server: PostgresServer;
  base: string;
  clone: string;
  administrator: Target;
  outside: Outside;
  current: Value;
  /** The administrator's secret. */
  lent: { text: string };
}

let estates = 0;

/** Nobody's password is ever told to the server, so that what its log must not hold is not in it by our own hand. */
const verifier = (password: string) => scramVerifier(password, randomBytes(16));

export async function estateOn(server: PostgresServer, fields: Record<string, unknown> = {}): Promise<Estate> {
  const base = `app_${++estates}`;
  const administrator = { ...server.superuser, user: `admin_${estates}`, password: `admin-marked-${estates}` };
  const password = `first-marked-${estates}`;
  await as(server.superuser, async ({ query }) => {
    await query(`CREATE ROLE ${administrator.user} LOGIN CREATEROLE PASSWORD '${verifier(administrator.password)}'`);
    await query(`SET SESSION AUTHORIZATION ${administrator.user}`);
    await query(`CREATE ROLE ${base} LOGIN PASSWORD '${verifier(password)}'`);
    await query(`ALTER ROLE ${base} SET search_path = ${base}`);
    await query("RESET SESSION AUTHORIZATION");
    await query(`CREATE SCHEMA ${base} AUTHORIZATION ${base}`);
  });
  const { host, port } = administrator;
  const { user: username } = administrator;
  const lent = {
    text: JSON.stringify({ ...place(server), host, port, username, password: administrator.password }),
  };
  const text = JSON.stringify({ ...place(server), username: base, password, masterarn: administratorArn, ...fields });
  const outside = outsideWith({ postgres: connectPostgres }, lent);
  return { server, base, clone: `${base}_clone`, administrator, outside, current: made(text), lent };
}

function place({ port, ca }: PostgresServer) {
  const tls = { sslmode: "verify-full", sslrootcert: ca, sslservername: "localhost" };
  return { engine: "postgres", host: "127.0.0.1", port, dbname: "postgres", ...tls };
}

export function rotationOf({ outside }: Pick<Estate, "outside">): Rotation {
  return rotationIn(outside);
}

/** Does something as somebody. */
export async function as<Result>(target: Target, use: (session: Session) => Promise<Result>): Promise<Result> {
  const session = await connectPostgres(target);
  try {
    return await use({ query: (statement, values) => session.query(statement, values), end: () => session.end() });
  } finally {
    await session.end();
  }
}

interface Stored {
  username: string;
  password: string;
  sslmode: Tls["mode"];
}

export function targetOfValue({ server }: Estate, value: Value): Target {
  const { username, password, sslmode } = JSON.parse(value.text) as Stored;
  return { ...server.superuser, tls: { ...server.superuser.tls, mode: sslmode }, user: username, password };
}

export function asValue<Result>(estate: Estate, value: Value, use: (session: Session) => Promise<Result>) {
  return as(targetOfValue(estate, value), use);
}

/** The value with other fields. */
export function changed<Text extends { text: string }>(value: Text, fields: Readonly<Record<string, unknown>>): Text {
  return { ...value, text: JSON.stringify({ ...JSON.parse(value.text), ...fields }) };
}

/** Whether somebody with that value is let in. */
export function letsIn(estate: Estate, value: Value): Promise<boolean> {
  return asValue(estate, value, async () => true).catch(() => false);
}

let values = 0;

function made(text: string): Value {
  return { version: `made-${++values}`, text, createdAt: 0 };
}

/** createSecret. */
export async function pendingOf(strategy: Strategy, estate: Estate, current = estate.current): Promise<Value> {
  const created = await strategy.create(rotationOf(estate), current);
  if (!("text" in created)) throw new Error(created.message);
  return made(created.text);
}

/** The first three steps, each of which must succeed. What is pending comes back. */
export function rotated(strategy: Strategy, estate: Estate, current = estate.current): Promise<Value> {
  return promoted(strategy, rotationOf(estate), current, null);
}
