import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRedis } from "../../shared/secrets/databases/redis.ts";
import type { RedisSession, Target } from "../../shared/secrets/outside.ts";
import { strategy } from "../../shared/secrets/strategies/redis-dual/strategy.ts";
import { hashOf } from "../../shared/secrets/strategies/redis-dual/user.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { Cut, everyCut } from "../databases/cut.ts";
import { type Redis, startRedis, withoutRedis } from "../databases/redis-server.ts";
import {
  administratorArn,
  outsideWith,
  passwordOf,
  promoted,
  rotationOf,
  textOf,
  versionOf,
} from "../databases/secret.ts";

describe.skipIf(withoutRedis("redis-dual"))("redis-dual on a Redis server", () => {
  let server: Redis;
  let plain: Redis;
  let root: RedisSession;
  let rotation: Rotation;
  let count = 0;

  beforeAll(async () => {
    // Encryption is asked where the driver is: here it would only cost time.
    [server, plain] = await Promise.all([
      startRedis({ tls: false, file: true }),
      startRedis({ tls: false, file: false }),
    ]);
    root = await connectRedis(server.root);
    const helper = { ...server.root, user: "helper", password: "helps" };
    await root.command(["ACL", "SETUSER", "helper", "on", ">helps", "+acl|setuser", "+acl|getuser", "+acl|save"]);
    await root.command(["ACL", "SETUSER", "helper", "+config|get", "+info"]);
    rotation = rotationOf(outsideWith({ redis: connectRedis }, { text: textOf("redis", helper) }));
  });

  afterAll(async () => {
    await root?.end();
    await Promise.all([server?.stop(), plain?.stop()]);
  });

  /** A new user who may only read, and the secret's version with its password. */
  async function user(
    rules: string[] = ["~*", "+get"],
    more: Record<string, unknown> = { masterarn: administratorArn },
  ) {
    count++;
    const name = `app${count}`;
    const password = `first-${randomBytes(12).toString("hex")}`;
    await root.command(["ACL", "SETUSER", name, "on", `#${hashOf(password)}`, ...rules]);
    const target: Target = { ...server.root, user: name, password };
    return { name, target, current: versionOf(textOf("redis", target, more)) };
  }

  async function hashes(name: string): Promise<string[]> {
    const reply = await root.command(["ACL", "GETUSER", name]);
    const at = Array.isArray(reply) ? reply.indexOf("passwords") : -1;
    return Array.isArray(reply) ? (reply[at + 1] as string[]) : [];
  }

  const login = (value: Value) => strategy.login(rotation, value);

  test("rotates three times: both passwords work until the old one is retired, then only the new one", async () => {
    const { name, current: first } = await user();
    let current = first;
    for (let round = 0; round < 3; round++) {
      const pending = await promoted(strategy, rotation, current, null);
      expect(await login(current)).toBeNull();
      expect(await login(pending)).toBeNull();
      expect((await hashes(name)).toSorted()).toEqual(
        [hashOf(passwordOf(pending)), hashOf(passwordOf(current))].toSorted(),
      );
      expect(server.file()).toContain(hashOf(passwordOf(pending)));
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(await strategy.retire(rotation, current, pending)).toBeNull();
      expect(server.file()).not.toContain(hashOf(passwordOf(current)));
      expect(await login(current)).toMatchObject({ failed: "authentication" });
      expect(await login(pending)).toBeNull();
      current = pending;
    }
  });

  test("what the user may do stays as it was", async () => {
    const { name, current } = await user(["~orders:*", "&news", "+@read", "-keys"]);
    const rules = async () => {
      const list = await root.command(["ACL", "LIST"]);
      const line = Array.isArray(list) ? list.find((each) => String(each).startsWith(`user ${name} `)) : "";
      return String(line).replace(/#[0-9a-f]{64} /g, "");
    };
    const before = await rules();
    const pending = await promoted(strategy, rotation, current, null);
    expect(await strategy.retire(rotation, current, pending)).toBeNull();
    expect(await rules()).toBe(before);
    expect(before).toContain("~orders:*");
  });

  test("an abandoned password is taken away; one that another rotation left goes with the next", async () => {
    const { name, current } = await user();
    const first = await promoted(strategy, rotation, current, null);
    const second = await promoted(strategy, rotation, current, null);
    expect(await login(first)).toMatchObject({ failed: "authentication" });
    expect(await strategy.abandon(rotation, second, current)).toBeNull();
    expect(await strategy.abandon(rotation, second, current)).toBeNull();
    expect(await strategy.abandon(rotation, null, current)).toBeNull();
    expect(await strategy.retire(rotation, current, current)).toBeNull();
    expect(await hashes(name)).toEqual([hashOf(passwordOf(current))]);
  });

  test("works without an administrator where the user may change users, and says so where it may not", async () => {
    const able = await user(["~*", "+acl|setuser", "+acl|getuser", "+acl|save"], {});
    const pending = await promoted(strategy, rotation, able.current, null);
    expect(await strategy.retire(rotation, able.current, pending)).toBeNull();
    expect(await login(able.current)).toMatchObject({ failed: "authentication" });
    const unable = await user(["~*", "+get"], {});
    await expect(promoted(strategy, rotation, unable.current, null)).rejects.toThrow('"failed":"privilege"');
  });

  test("a user who is let in without a password is left alone", async () => {
    const { name, current } = await user();
    await root.command(["ACL", "SETUSER", name, "nopass"]);
    await expect(promoted(strategy, rotation, current, null)).rejects.toThrow('"failed":"policy"');
    expect(await hashes(name)).toEqual([]);
  });

  test("no administrator is used while the current password is refused", async () => {
    const { name, target } = await user();
    const wrong = versionOf(textOf("redis", { ...target, password: "wrong" }, { masterarn: administratorArn }));
    await expect(promoted(strategy, rotation, wrong, null)).rejects.toThrow('"failed":"authentication"');
    expect(await hashes(name)).toEqual([hashOf(target.password)]);
  });

  test("no password of a rotation is shown by MONITOR, the slow log or the ACL log", async () => {
    const { current } = await user();
    await root.command(["CONFIG", "SET", "slowlog-log-slower-than", "0"]);
    await root.command(["CONFIG", "SET", "slowlog-max-len", "1000"]);
    const { createClient } = await import("@redis/client");
    const { host, port, user: username, password } = server.root;
    const watcher = createClient({ username, password, socket: { host, port } });
    await watcher.connect();
    const seen: string[] = [];
    await watcher.monitor((line) => seen.push(String(line)));
    const sent: string[] = [];
    const redis: typeof connectRedis = async (target) => {
      const session = await connectRedis(target);
      const command = (words: readonly string[]) => {
        sent.push(words.join(" "));
        return session.command(words);
      };
      return { command, end: () => session.end() };
    };
    const heard = { ...rotation, outside: { ...rotation.outside, redis } };
    const pending = await promoted(strategy, heard, current, null);
    expect(await strategy.retire(heard, current, pending)).toBeNull();
    expect(await login(current)).toMatchObject({ failed: "authentication" });
    // What was sent before this has been shown when this is.
    await root.command(["ECHO", "the end"]);
    while (!seen.some((line) => line.includes("the end"))) await root.command(["PING"]);
    watcher.destroy();
    const shown = [
      seen.join("\n"),
      JSON.stringify(await root.command(["SLOWLOG", "GET", "1000"])),
      JSON.stringify(await root.command(["ACL", "LOG"])),
      server.file(),
    ].join("\n");
    // Redis hides what AUTH and ACL SETUSER are given. That they are shown proves that it looked; what they were given is asked here.
    expect(shown).toContain("AUTH");
    expect(shown).toContain("SETUSER");
    expect(sent.join("\n")).toContain(`#${hashOf(passwordOf(pending))}`);
    for (const value of [current, pending]) expect(sent.join("\n")).not.toContain(passwordOf(value));
    for (const value of [current, pending]) expect(shown).not.toContain(passwordOf(value));
  });

  test("preflight finds nothing wrong, and changes nothing", async () => {
    const { current } = await user();
    const before = JSON.stringify(await root.command(["ACL", "LIST"]));
    const checks = await strategy.preflight(rotation, current);
    expect(checks.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(checks.map(({ what }) => what)).toEqual([
      "login",
      "lent secret",
      "administrator",
      "user",
      "ACL file",
      "nodes",
    ]);
    expect(JSON.stringify(await root.command(["ACL", "LIST"]))).toBe(before);
  });

  test("without an ACL file it rotates, and preflight says that a restart would undo it", async () => {
    const alone = rotationOf(outsideWith({ redis: connectRedis }, null));
    const current = versionOf(textOf("redis", plain.root));
    const checks = await strategy.preflight(alone, current);
    expect(checks).toContainEqual(
      expect.objectContaining({ what: "ACL file", failure: expect.objectContaining({ failed: "policy" }) }),
    );
    const pending = await promoted(strategy, alone, current, null);
    expect(await strategy.abandon(alone, pending, current)).toBeNull();
    expect(await strategy.login(alone, current)).toBeNull();
  });

  test.each(["before", "after"] as const)(
    "cut off %s each call and repeated it comes to the same end",
    async (when) => {
      const { name, current } = await user();
      const made = await strategy.create(rotation, current);
      const pending = versionOf("text" in made ? made.text : "");
      const all = { current, pending, previous: null };
      const cuts = await everyCut(rotation, when, async (cut) => {
        await strategy.abandon(rotation, pending, current);
        await expect(strategy.set(cut, all)).rejects.toThrow(Cut);
        expect(await login(current)).toBeNull();
        expect((await hashes(name)).length).toBeLessThanOrEqual(2);
        expect(await strategy.set(rotation, all)).toBeNull();
        expect(await strategy.test(rotation, all)).toBeNull();
        expect(server.file()).toContain(hashOf(passwordOf(pending)));
      });
      expect(cuts).toBe(5);
      const retirements = await everyCut(rotation, when, async (cut) => {
        await root.command(["ACL", "SETUSER", name, `#${hashOf(passwordOf(current))}`]);
        await expect(strategy.retire(cut, current, pending)).rejects.toThrow(Cut);
        expect(await login(pending)).toBeNull();
        expect(await strategy.retire(rotation, current, pending)).toBeNull();
        expect(await hashes(name)).toEqual([hashOf(passwordOf(pending))]);
        expect(server.file()).not.toContain(hashOf(passwordOf(current)));
      });
      expect(retirements).toBe(5);
    },
  );
});
