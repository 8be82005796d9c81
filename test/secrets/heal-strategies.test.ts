import { expect, test } from "vitest";
import { hour, minute } from "../../shared/instant.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { strategy as random } from "../../shared/secrets/strategies/random/strategy.ts";
import { strategy as signingKey } from "../../shared/secrets/strategies/signing-key/strategy.ts";
import type { Rotation, Strategy } from "../../shared/secrets/strategy.ts";
import { createScene, isRetired, type Scene } from "./heal-scene.ts";
import { v1, v2 } from "./heal-world.ts";

// Where nobody can be asked whether a credential works, the previous one comes to its end all the same.

const keys = { current: { id: "one", key: "Y2FuYXJ5", createdAt: "2026-12-01T00:00:00.000Z" }, previous: null };

async function rotateWith(strategy: Strategy, text: string): Promise<Scene> {
  const scene = await createScene();
  scene.later(minute);
  scene.database.otherwise = strategy;
  const { versions, tags } = scene.secrets.secret(scene.arn);
  const current = versions.get(v1);
  if (current !== undefined) current.value = text;
  let seed = 0;
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => (seed = (seed * 31 + 7) % 251));
  const outside = { random, secrets: scene.secrets } as unknown as Outside;
  const secret = { arn: scene.arn, name: "shop/database", kind: "database-password", tags: Object.fromEntries(tags) };
  const rotation: Rotation = {
    ...{ secret, token: v2, intervalDays: 90, graceHours: 24, outside, notes: {}, now: scene.now },
    note: async () => {},
  };
  const made = await strategy.create(rotation, { version: v1, text, createdAt: 0 });
  if (isFailure(made)) throw new Error(made.message);
  await scene.rotated();
  const pending = versions.get(v2);
  if (pending !== undefined) pending.value = made.text;
  await scene.promote();
  return scene;
}

test.each([
  ["random", random, "canary-one"],
  ["signing-key", signingKey, JSON.stringify(keys)],
] as const)("%s", async (_, strategy, text) => {
  const scene = await rotateWith(strategy, text);
  scene.later(23 * hour);
  await scene.sweep();
  expect(await isRetired(scene)).toBe(false);
  scene.later(hour);
  await scene.sweep();
  expect(await isRetired(scene)).toBe(true);
  expect(scene.findings()).toEqual([]);
});
