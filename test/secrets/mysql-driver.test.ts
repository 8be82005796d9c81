import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectMysql, within } from "../../shared/secrets/databases/mysql.ts";
import { mysqlFailure } from "../../shared/secrets/databases/mysql-failure.ts";
import { type Failure, isFailure } from "../../shared/secrets/failure.ts";
import type { Session, Target } from "../../shared/secrets/outside.ts";
import { type MariaDb, startMariaDb } from "../databases/mariadb-server.ts";
import { withoutMariaDb } from "../databases/on-mariadb.ts";

const marked = "MARKED-password-7r";

async function entered(target: Target): Promise<Failure | null> {
  return await within<null>(connectMysql, target, async (session) => {
    await session.query("SELECT 1");
    return null;
  });
}

describe.skipIf(withoutMariaDb("the driver of MySQL"))("entering a MariaDB server", () => {
  let server: MariaDb;
  let plain: MariaDb;
  let root: Session;

  beforeAll(async () => {
    [server, plain] = await Promise.all([startMariaDb(), startMariaDb({ tls: false })]);
    root = await connectMysql(server.root);
  });

  afterAll(async () => {
    await root?.end();
    await Promise.all([server?.stop(), plain?.stop()]);
  });

  const withTls = (tls: Partial<Target["tls"]>, more: Partial<Target> = {}): Target => ({
    ...server.root,
    ...more,
    tls: { ...server.root.tls, ...tls },
  });

  test.each(["require", "verify-ca", "verify-full"] as const)("with %s everything is encrypted", async (mode) => {
    const session = await connectMysql(withTls({ mode }));
    const [row] = await session.query("SHOW STATUS LIKE 'Ssl_version'");
    await session.end();
    expect(row?.Value).toMatch(/^TLSv1\.[23]$/);
  });

  test("with disable nothing is", async () => {
    const session = await connectMysql(withTls({ mode: "disable" }));
    expect(await session.query("SHOW STATUS LIKE 'Ssl_version'")).toEqual([
      { Variable_name: "Ssl_version", Value: "" },
    ]);
    await session.end();
  });

  test.each([
    ["require", true],
    ["verify-ca", false],
    ["verify-full", false],
  ] as const)("with %s an authority that has not signed the certificate is taken: %s", async (mode, isTaken) => {
    const result = await entered(withTls({ mode, authorities: server.otherCa }));
    expect(result?.failed).toBe(isTaken ? undefined : "tls");
  });

  test.each([
    ["verify-ca", true],
    ["verify-full", false],
  ] as const)("with %s a certificate of another name is taken: %s", async (mode, isTaken) => {
    const result = await entered(withTls({ mode, serverName: "db.example" }, { host: "127.0.0.1" }));
    expect(result?.failed).toBe(isTaken ? undefined : "tls");
  });

  test("sslservername says which name the certificate must have; an address alone cannot be checked", async () => {
    expect(await entered(withTls({ serverName: "localhost" }, { host: "127.0.0.1" }))).toBeNull();
    expect(await entered(withTls({}, { host: "127.0.0.1" }))).toMatchObject({ failed: "tls" });
  });

  test("without authorities of its own Node's count, and the test's is none of them", async () => {
    expect(await entered(withTls({ authorities: null }))).toMatchObject({ failed: "tls" });
  });

  test.each(["require", "verify-ca", "verify-full"] as const)(
    "with %s a server without TLS is refused, and no login is tried",
    async (mode) => {
      const before = plain.log();
      const target: Target = { ...plain.root, tls: { ...plain.root.tls, mode } };
      expect(await entered(target)).toMatchObject({ failed: "tls" });
      expect(plain.log()).toBe(before);
    },
  );

  test.each<[string, Partial<Target>, Failure["failed"]]>([
    ["a wrong password", { password: marked }, "authentication"],
    ["an unknown user", { user: "nobody" }, "authentication"],
    ["a database that is not there", { database: "nowhere" }, "malformed"],
    [
      "a host that does not exist",
      { host: "x".repeat(64), tls: { mode: "require", authorities: null, serverName: null } },
      "network",
    ],
  ])("%s is told", async (_, wrong, reason) => {
    const result = await entered({ ...server.root, ...wrong });
    expect(result?.failed).toBe(reason);
    expect(JSON.stringify(result)).not.toContain(marked);
  });

  test("a port at which nobody listens is a matter of the network", async () => {
    const stopped = await startMariaDb({ tls: false });
    await stopped.stop();
    expect(await entered(stopped.root)).toMatchObject({ failed: "network" });
  });

  test("a server that hangs up is a matter of the network", async () => {
    const session = await connectMysql(server.root);
    const [row] = await session.query("SELECT CONNECTION_ID() AS id");
    await root.query(`KILL ${row?.id}`);
    const problem = await session.query("SELECT 1").catch((error: unknown) => mysqlFailure(error));
    expect(problem).toMatchObject({ failed: "network" });
    await session.end();
  });

  test("a statement that takes longer than it may is a matter of the network", async () => {
    const target = { ...server.root, timeoutMs: 300 };
    const result = await within<null>(connectMysql, target, async (session) => {
      await session.query("SELECT SLEEP(2)");
      return null;
    });
    expect(result).toMatchObject({ failed: "network" });
  });

  test.each<[string, string[], Failure["failed"]]>([
    ["is locked", ["ALTER USER seldom@'%' ACCOUNT LOCK"], "policy"],
    ["has reached its limit of connections", ["ALTER USER seldom@'%' WITH MAX_CONNECTIONS_PER_HOUR 1"], "throttle"],
    ["has no privilege on the database", ["CREATE DATABASE IF NOT EXISTS closed"], "privilege"],
  ])("a user who %s has no wrong password", async (_, statements, reason) => {
    await root.query("CREATE OR REPLACE USER seldom@'%' IDENTIFIED BY 'right'");
    for (const statement of statements) await root.query(statement);
    const target = { ...server.root, user: "seldom", password: "right" };
    const closed = { ...target, database: reason === "privilege" ? "closed" : null };
    await entered(closed);
    expect(await entered(closed)).toMatchObject({ failed: reason });
  });

  test("a user who was blocked after too many wrong passwords has, with the right one, no wrong password", async () => {
    await root.query("CREATE OR REPLACE USER seldom@'%' IDENTIFIED BY 'right'");
    await root.query("SET GLOBAL max_password_errors = 1");
    const target = { ...server.root, user: "seldom", password: "right" };
    await entered({ ...target, password: "wrong" });
    expect(await entered(target)).toMatchObject({ failed: "policy" });
    await root.query("SET GLOBAL max_password_errors = 4294967295");
    await root.query("FLUSH PRIVILEGES");
    expect(await entered(target)).toBeNull();
  });

  test("too many connections are no wrong password", async () => {
    await root.query("SET GLOBAL max_connections = 10");
    const target = { ...server.root, user: "seldom", password: "right" };
    const sessions: Session[] = [];
    let problem: Failure | Session = await connectMysql(target);
    while (!isFailure(problem)) {
      sessions.push(problem);
      problem = await connectMysql(target).catch((error: unknown) => mysqlFailure(error));
    }
    for (const session of sessions) await session.end();
    await root.query("SET GLOBAL max_connections = 151");
    expect(problem).toMatchObject({ failed: "throttle" });
    expect(sessions.length).toBeGreaterThan(3);
  });

  test("values are never made part of a statement", async () => {
    const hostile = "'; DROP USER seldom@'%'; -- \\";
    expect(await root.query("SELECT ? AS said", [hostile])).toEqual([{ said: hostile }]);
  });

  test("a failure holds nothing of what server or driver said", async () => {
    const said: unknown = await root.query(`SELECT ${marked}`).catch((error: unknown) => error);
    expect(String(said)).toContain("MARKED");
    expect(JSON.stringify(mysqlFailure(said))).not.toContain("MARKED");
  });
});

test("a server that asks for the password as it is gets none", async () => {
  let received = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(greeting);
    socket.once("data", (response: Buffer) => {
      received = Buffer.concat([received, response]);
      socket.on("data", (more: Buffer) => {
        received = Buffer.concat([received, more]);
      });
      socket.write(switchToClearText);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const target: Target = {
    host: "127.0.0.1",
    port,
    user: "app",
    password: marked,
    database: null,
    tls: { mode: "disable", authorities: null, serverName: null },
    timeoutMs: 2_000,
  };
  expect(await entered(target)).toMatchObject({ failed: "policy" });
  server.close();
  expect(received.length).toBeGreaterThan(30);
  expect(received.toString("latin1")).not.toContain(marked);
});

/** A packet of the protocol: length, number, what it holds. */
function packet(number: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(number, 3);
  return Buffer.concat([head, body]);
}

const greeting = packet(
  0,
  Buffer.concat([
    Buffer.from([10]),
    Buffer.from("8.0.36\0"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from("saltsalt\0"),
    // Protocol 4.1, plugins, secure connection; no TLS.
    Buffer.from([0x00, 0x82, 33, 2, 0, 0x08, 0x00, 21]),
    Buffer.alloc(10),
    Buffer.from("saltsaltsalt\0"),
    Buffer.from("mysql_native_password\0"),
  ]),
);
const switchToClearText = packet(2, Buffer.concat([Buffer.from([0xfe]), Buffer.from("mysql_clear_password\0")]));

test("what is no error of a server or of a socket is a surprise", () => {
  expect(() => mysqlFailure(new TypeError("x"))).toThrow(TypeError);
  expect(() => mysqlFailure("x")).toThrow();
});
