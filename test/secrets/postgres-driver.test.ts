import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectPostgres } from "../../shared/secrets/databases/postgres.ts";
import { postgresFailure } from "../../shared/secrets/databases/postgres-failures.ts";
import { scramVerifier } from "../../shared/secrets/databases/scram.ts";
import { within } from "../../shared/secrets/databases/sessions.ts";
import type { Target, Tls } from "../../shared/secrets/outside.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";

/** How an attempt to enter ends: with the rows of a question, or with the reason why not. */
async function entered(target: Target, statement = "SELECT 1 AS one") {
  const end = await within(
    connectPostgres,
    target,
    (error) => postgresFailure(error, "it"),
    (session) => session.query(statement),
  );
  return "failed" in end ? end.failed : end;
}

const encryption = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

const suite = "the driver";

describe.skipIf(withoutPostgres(suite))(suite, () => {
  const server = runningPostgres();
  const superuser = (changes: Partial<Target>) => ({ ...server().superuser, ...changes });
  const withTls = (tls: Partial<Tls>) => superuser({ tls: { ...server().superuser.tls, ...tls } });

  describe("TLS is as far as the secret says, and never less", () => {
    test("verify-full is encrypted, by an authority of its own and the host's name", async () => {
      const target = { ...withTls({ serverName: null }), host: "localhost" };
      expect(await entered(target, encryption)).toEqual([{ ssl: true }]);
    });

    test("verify-full by another name than the host's, if that is stated", async () => {
      expect(await entered(withTls({ serverName: "localhost" }), encryption)).toEqual([{ ssl: true }]);
    });

    test.each([null, "elsewhere.internal"])(
      "verify-full refuses a name that the certificate has not: %s",
      async (name) => {
        expect(await entered(withTls({ serverName: name }))).toBe("tls");
      },
    );

    test("verify-ca does not ask for the name", async () => {
      const target = withTls({ mode: "verify-ca", serverName: "elsewhere.internal" });
      expect(await entered(target, encryption)).toEqual([{ ssl: true }]);
    });

    test.each(["verify-ca", "verify-full"] as const)("%s refuses an authority that nobody stated", async (mode) => {
      expect(await entered(withTls({ mode, authorities: null }))).toBe("tls");
    });

    test.each(["verify-ca", "verify-full"] as const)("%s refuses another authority's certificate", async (mode) => {
      expect(await entered(withTls({ mode, authorities: server().otherCa }))).toBe("tls");
    });

    test("require is encrypted, whoever answers", async () => {
      expect(await entered(withTls({ mode: "require", authorities: null }), encryption)).toEqual([{ ssl: true }]);
    });

    test("disable is plain", async () => {
      expect(await entered(withTls({ mode: "disable" }), encryption)).toEqual([{ ssl: false }]);
    });

    test.each(["require", "verify-ca", "verify-full"] as const)(
      "%s: a server without TLS is a failure, and is told neither user nor password",
      async (mode) => {
        const plain = await listening("N");
        const target = withTls({ mode });
        expect(await entered({ ...target, port: plain.port, user: "marked-user", password: "marked-password" })).toBe(
          "tls",
        );
        expect(plain.heard()).toHaveLength(8);
        plain.stop();
      },
    );
  });

  test("a host that does not exist, and a port where nobody listens, are the network's", async () => {
    const plain = await listening("");
    plain.stop();
    expect(await entered(superuser({ port: plain.port }))).toBe("network");
    expect(await entered(superuser({ host: "nobody.invalid" }))).toBe("network");
  });

  test("who answers nothing is left after the time that the target has", async () => {
    const silent = await listening("");
    expect(await entered(superuser({ port: silent.port, timeoutMs: 50 }))).toBe("network");
    expect(await entered(superuser({ timeoutMs: 300 }), "SELECT pg_sleep(60)")).toBe("network");
    silent.stop();
  });

  test("a connection that the server ends while nothing is asked is told by the next question", async () => {
    const session = await connectPostgres(server().superuser);
    const [row] = await session.query("SELECT pg_backend_pid() AS pid");
    await entered(server().superuser, `SELECT pg_terminate_backend(${Number(row?.pid)}, 5000)`);
    const end = await session.query("SELECT 1").catch((error: unknown) => postgresFailure(error, "it").failed);
    expect(end).toBe("network");
    await session.end();
  });

  test("a wrong password, a user who is not there and one who may not log in are not accepted", async () => {
    await entered(server().superuser, "CREATE ROLE idle NOLOGIN PASSWORD 'right'");
    expect(await entered(superuser({ user: "idle", password: "wrong" }))).toBe("authentication");
    expect(await entered(superuser({ user: "idle", password: "right" }))).toBe("authentication");
    expect(await entered(superuser({ user: "nobody", password: "right" }))).toBe("authentication");
  });

  test("that the rules of access let nobody in says nothing of a password", async () => {
    await entered(server().superuser, "CREATE ROLE barred LOGIN PASSWORD 'right'");
    expect(await entered(superuser({ user: "barred", password: "wrong" }))).toBe("policy");
  });

  test("too many connections of a user, a database that is not there, and what it may not do", async () => {
    await entered(server().superuser, "CREATE ROLE crowded LOGIN PASSWORD 'right' CONNECTION LIMIT 0");
    await entered(server().superuser, "CREATE ROLE small LOGIN PASSWORD 'right'");
    const small = superuser({ user: "small", password: "right" });
    expect(await entered(superuser({ user: "crowded", password: "right" }))).toBe("throttle");
    expect(await entered({ ...small, database: "nowhere" })).toBe("malformed");
    expect(await entered(small, "CREATE ROLE other")).toBe("privilege");
  });

  test("without a database's name it enters the one that every server has", async () => {
    const rows = await entered(superuser({ database: null }), "SELECT current_database() AS name");
    expect(rows).toEqual([{ name: "postgres" }]);
  });

  test("whoever has the password of a verifier that was made here is let in, and nobody else", async () => {
    await entered(server().superuser, "CREATE ROLE verified LOGIN");
    const passwords = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 60 });
    const salts = fc.uint8Array({ minLength: 16, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(passwords, salts, async (password, salt) => {
        await entered(server().superuser, `ALTER ROLE verified PASSWORD '${scramVerifier(password, salt)}'`);
        const user = superuser({ user: "verified", password, tls: { ...server().superuser.tls, mode: "disable" } });
        expect(await entered(user)).toEqual([{ one: 1 }]);
        expect(await entered({ ...user, password: `${password}x` })).toBe("authentication");
      }),
      { numRuns: 60 },
    );
  });

  test.each(["pässwörd", "ﬁne №1", "a\u{a0}b\u{ad}c", "日本語"])(
    "of a password beyond ASCII the same is made as the server makes: %s",
    async (password) => {
      const target = superuser({ user: "far", password });
      await entered(server().superuser, "DROP ROLE IF EXISTS far");
      await entered(server().superuser, `CREATE ROLE far LOGIN PASSWORD '${password}'`);
      const question = "SELECT rolpassword FROM pg_authid WHERE rolname = 'far'";
      const rows = await entered(server().superuser, question);
      const made = String(typeof rows === "string" ? rows : rows[0]?.rolpassword);
      const salt = Buffer.from(made.split(/[$:]/)[2] ?? "", "base64");
      expect(scramVerifier(password, salt)).toBe(made);
      expect(await entered(target)).toEqual([{ one: 1 }]);
    },
  );
});

/** Somebody who answers every word with the same. */
async function listening(answer: string) {
  const heard: Buffer[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard.push(chunk);
      if (answer !== "") socket.write(answer);
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address: AddressInfo | string | null = listener.address();
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    heard: () => Buffer.concat(heard),
    stop,
  };
}
