import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { hour, minute } from "../../shared/instant.ts";
import { failure } from "../../shared/secrets/failure.ts";
import { touched } from "../../shared/secrets/record.ts";
import { createScene, isRetired, promotedScene, saysComplete } from "./heal-scene.ts";
import { begin, v1, v2, values } from "./heal-world.ts";

describe("after a promotion", () => {
  test("whoever listens is told, unless they were told before", async () => {
    const scene = await promotedScene();
    await scene.sweep();
    await scene.sweep();
    const told = scene.bridge.events.filter(({ type }) => type === "SecretRotated");
    expect(told.map(({ source, detail }) => ({ source, detail }))).toEqual([
      {
        source: "nightshift",
        detail: {
          ...{
            version: 1,
            secret: scene.arn,
            name: "shop/database",
            kind: "database-password",
            strategy: "remembered",
          },
          ...{ from: v1, to: v2, at: "2027-01-01T00:01:00.000Z" },
        },
      },
    ]);
    expect(saysComplete(scene)).toBe(true);
  });

  test("the previous credential works until its grace is over, and then no more", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour - 1);
    await scene.sweep();
    expect([...scene.database.passwords]).toEqual(Object.values(values));
    scene.later(1);
    await scene.sweep();
    expect([...scene.database.passwords]).toEqual([values[v2]]);
    expect(await isRetired(scene)).toBe(true);
    expect(await scene.record()).toMatchObject({ live: [{ version: v2 }], retiringUntil: null, graceUntil: null });
    expect(scene.findings()).toEqual([]);
    const { logins } = scene.database;
    scene.later(hour);
    await scene.sweep();
    expect(scene.database.logins).toBe(logins);
  });

  test("one that has died otherwise is found dead", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    scene.database.passwords.delete(values[v1]);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
  });

  test("where no login tells a dead credential from a living one, the strategy is taken at its word", async () => {
    const malformed = failure("malformed", "its value is no JSON object", "store an object");
    for (const otherwise of [
      { login: async () => null, retire: async () => null },
      {
        login: async (_: unknown, { text }: { text: string }) => (text === "{}" ? malformed : null),
        provesDeath: false as const,
      },
    ]) {
      const scene = await promotedScene();
      scene.database.otherwise = otherwise;
      scene.later(24 * hour);
      await scene.sweep();
      expect(await isRetired(scene)).toBe(true);
    }
  });

  test("a strategy that says that it has retired what still works is not believed", async () => {
    const scene = await promotedScene();
    scene.database.otherwise = { retire: async () => null };
    scene.later(24 * hour);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(false);
    expect((await scene.record()).live).toHaveLength(2);
  });

  test("a first rotation leaves nothing behind", async () => {
    const scene = await createScene();
    await scene.rotated({ from: null });
    await scene.promote();
    scene.later(24 * hour);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
  });
});

describe("the previous credential is not touched", () => {
  test("while the promotion may still come", async () => {
    const scene = await createScene();
    await scene.rotated({ retireAt: begin });
    scene.later(59 * minute);
    await scene.sweep();
    expect(await scene.succession()).toMatchObject({ retired: false, told: false });
    await scene.promote();
    scene.later(5 * minute);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
  });

  test("when the promotion never came: after an hour its announcement is dropped", async () => {
    const scene = await createScene({ mode: "recommend" });
    await scene.rotated({ retireAt: begin });
    scene.later(60 * minute);
    await scene.sweep();
    expect(await scene.succession()).toMatchObject({ retired: false, told: false, ended: "it was never promoted" });
    expect(scene.database.passwords.has(values[v1])).toBe(true);
  });

  test("when somebody has rolled back", async () => {
    const scene = await promotedScene();
    await scene.rollBack();
    scene.later(24 * hour);
    await scene.sweep();
    expect(await scene.succession()).toMatchObject({ ended: "it was rolled back" });
    expect(scene.database.passwords.has(values[v1])).toBe(true);
  });

  test("while the current one does not work: else nobody could get in", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    scene.database.passwords.delete(values[v2]);
    await scene.sweep();
    expect(scene.database.passwords.has(values[v1])).toBe(true);
    expect(await isRetired(scene)).toBe(false);
  });

  test("while a rotation is under way", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    await scene.change((record) => touched(record, "third", scene.clock.at));
    await scene.sweep();
    expect(await isRetired(scene)).toBe(false);
    expect((await scene.record()).retiringUntil).toBeNull();
    await scene.change((record) => ({ ...record, underway: null }));
    scene.later(5 * minute);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
  });

  test("while somebody else is at it", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    await scene.change((record) => ({ ...record, retiringUntil: scene.clock.at + minute }));
    await scene.sweep();
    expect(await isRetired(scene)).toBe(false);
  });

  test("when both versions hold the same value", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    const old = scene.secrets.secret(scene.arn).versions.get(v1);
    if (old !== undefined) old.value = values[v2];
    await scene.sweep();
    expect(scene.database.passwords.has(values[v2])).toBe(true);
    expect(await isRetired(scene)).toBe(false);
  });

  test("when somebody has stored another value by hand; that it has died is noticed all the same", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    const v3 = "33333333-3333-4333-8333-333333333333";
    scene.database.passwords.add("by hand");
    await scene.secrets.send(
      new PutSecretValueCommand({ SecretId: scene.arn, SecretString: "by hand", ClientRequestToken: v3 }),
    );
    await scene.sweep();
    expect(scene.database.passwords.has(values[v1])).toBe(true);
    expect(await isRetired(scene)).toBe(false);
    scene.database.passwords.delete(values[v1]);
    scene.later(5 * minute);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
  });

  test("of a secret that is gone, or that is managed by somebody else by now", async () => {
    for (const change of [{ deletedAt: begin }, { owningService: "rds" }, { primaryRegion: "us-east-1" }]) {
      const scene = await promotedScene();
      Object.assign(scene.secrets.secret(scene.arn), change);
      scene.later(24 * hour);
      await scene.sweep();
      expect(await scene.succession()).toMatchObject({ retired: false, ended: expect.any(String) });
      expect(scene.database.passwords.has(values[v1])).toBe(true);
    }
  });
});
