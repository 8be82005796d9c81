import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRedis, redisFailure, withinRedis } from "../../shared/secrets/databases/redis.ts";
import type { Failure } from "../../shared/secrets/failure.ts";
import type { RedisSession, Target } from "../../shared/secrets/outside.ts";
import { type Redis, startRedis, withoutRedis } from "../databases/redis-server.ts";

describe.skipIf(withoutRedis("the driver of Redis"))("entering a Redis server", () => {
  let server: Redis;
  let plain: Redis;
  let root: RedisSession;

  beforeAll(async () => {
    [server, plain] = await Promise.all([startRedis(), startRedis({ tls: false, file: false })]);
    root = await connectRedis(server.root);
  });

  afterAll(async () => {
    await root?.end();
    await Promise.all([server?.stop(), plain?.stop()]);
  });

  const entered = (target: Target) => withinRedis<null>(connectRedis, target, async () => null);
  const withTls = (tls: Partial<Target["tls"]>, more: Partial<Target> = {}): Target => ({
    ...server.root,
    ...more,
    tls: { ...server.root.tls, ...tls },
  });

  test.each<[string, () => Target, Failure["failed"] | undefined]>([
    ["require takes any authority", () => withTls({ mode: "require", authorities: server.otherCa }), undefined],
    [
      "verify-ca refuses one that has not signed",
      () => withTls({ mode: "verify-ca", authorities: server.otherCa }),
      "tls",
    ],
    ["verify-ca takes any name", () => withTls({ mode: "verify-ca", serverName: "db.example" }), undefined],
    ["verify-full refuses another name", () => withTls({ serverName: "db.example" }), "tls"],
    ["verify-full refuses an address that is not in the certificate", () => withTls({}, { host: "127.0.0.1" }), "tls"],
    ["sslservername counts for the host", () => withTls({ serverName: "localhost" }, { host: "127.0.0.1" }), undefined],
    ["Node's authorities have not signed", () => withTls({ authorities: null }), "tls"],
  ])("TLS: %s", async (_, target, reason) => {
    const result = await entered(target());
    expect(result?.failed).toBe(reason);
  });

  test.each(["require", "verify-ca", "verify-full"] as const)(
    "with %s a server without TLS is refused",
    async (mode) => {
      const target = { ...plain.root, timeoutMs: 500, tls: { ...plain.root.tls, mode } };
      expect(await entered(target)).toMatchObject({ failed: "tls" });
    },
  );

  test.each<[string, () => Target, Failure["failed"]]>([
    ["a wrong password", () => withTls({}, { password: "MARKED-7r" }), "authentication"],
    ["an unknown user", () => withTls({}, { user: "nobody" }), "authentication"],
    ["a host that does not exist", () => withTls({}, { host: "x".repeat(64) }), "network"],
  ])("%s is told", async (_, target, reason) => {
    const result = await entered(target());
    expect(result?.failed).toBe(reason);
    expect(JSON.stringify(result)).not.toContain("MARKED");
  });

  test("a port at which nobody listens is a matter of the network, with and without TLS", async () => {
    const stopped = await startRedis();
    await stopped.stop();
    expect(await entered(stopped.root)).toMatchObject({ failed: "network" });
    const bare = { ...stopped.root, tls: { ...stopped.root.tls, mode: "disable" as const } };
    expect(await entered(bare)).toMatchObject({ failed: "network" });
  });

  test("too many connections, and a server that hangs up, are no wrong password", async () => {
    await root.command(["ACL", "SETUSER", "app", "on", ">right", "~*", "+get"]);
    const target = withTls({}, { user: "app", password: "right" });
    const session = await connectRedis(target);
    await root.command(["CLIENT", "KILL", "USER", target.user]);
    const problem = await session.command(["GET", "x"]).catch((error: unknown) => redisFailure(error));
    expect(problem).toMatchObject({ failed: "network" });
    await session.end();
    await root.command(["CONFIG", "SET", "maxclients", "1"]);
    const refused = await entered(target);
    await root.command(["CONFIG", "SET", "maxclients", "1000"]);
    expect(refused).not.toBeNull();
    expect(refused?.failed).not.toBe("authentication");
  });
});
