import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hour } from "../../../shared/instant.ts";
import { isFailure } from "../../../shared/secrets/failure.ts";
import { acceptedKeys, signingKeysOf } from "../../../shared/secrets/signing-keys.ts";
import { strategy as signingKey } from "../../../shared/secrets/strategies/signing-key/strategy.ts";
import { everywhereCutOff, retire, rotate, type Stage, setStage, tokenOf } from "./stage.ts";

const first = { id: "first", key: "first-key-of-the-shop", createdAt: "2026-10-01T00:00:00.000Z" };
const text = JSON.stringify({ audience: "shop", current: first, previous: null });

const sign = (key: string) => createHmac("sha256", key).update("order 4711").digest("hex");

async function keysOf(stage: Stage, label = "AWSCURRENT") {
  const value = await stage.at(label);
  const keys = value === null ? null : signingKeysOf(value);
  if (keys === null || isFailure(keys)) throw new Error("no keys");
  return keys;
}

/** As a service would verify that has read the secret. */
async function isAccepted(stage: Stage, signature: string): Promise<boolean> {
  return acceptedKeys(await keysOf(stage), stage.now()).some(({ key }) => sign(key) === signature);
}

describe("a signing key", () => {
  test("is followed by a new one, and what it signed is accepted to the end of the grace and not a moment longer", async () => {
    const stage = await setStage({ text });
    const old = sign(first.key);
    expect(await rotate(stage, signingKey, tokenOf(1))).toBeNull();
    const { current, previous } = await keysOf(stage);
    expect(current.key).not.toBe(first.key);
    expect(Buffer.from(current.key, "base64url")).toHaveLength(64);
    expect(previous?.id).toBe("first");
    expect(JSON.parse((await stage.at("AWSCURRENT"))?.text ?? "").audience).toBe("shop");
    expect(await isAccepted(stage, sign(current.key))).toBe(true);
    stage.pass(24 * hour - 1);
    expect(await isAccepted(stage, old)).toBe(true);
    expect(await retire(stage, signingKey, tokenOf(1))).toMatchObject({ failed: "policy" });
    stage.pass(1);
    expect(await isAccepted(stage, old)).toBe(false);
    expect(await retire(stage, signingKey, tokenOf(1))).toBeNull();
    expect(await isAccepted(stage, sign(current.key))).toBe(true);
  });

  test("of two rotations before is forgotten", async () => {
    const stage = await setStage({ text });
    await rotate(stage, signingKey, tokenOf(1));
    const second = (await keysOf(stage)).current;
    stage.pass(25 * hour);
    await rotate(stage, signingKey, tokenOf(2));
    expect((await keysOf(stage)).previous?.id).toBe(second.id);
    expect((await stage.at("AWSCURRENT"))?.text).not.toContain(first.key);
  });

  test("is made once, wherever the run is cut off", async () => {
    const made: string[] = [];
    const calls = await everywhereCutOff(
      async () => ({ stage: await setStage({ text }), strategy: signingKey }),
      async (stage) => {
        const { current, previous } = await keysOf(stage);
        made.push(current.id);
        expect(previous?.key).toBe(first.key);
      },
    );
    expect(made).toHaveLength(2 * calls);
  });

  test("that lay for too long before it was promoted does not work: what the older one signed would be refused at once", async () => {
    const stage = await setStage({ text });
    const current = { version: "0", text, createdAt: 0 };
    const made = await signingKey.create(stage.rotation(tokenOf(1)), current);
    if (isFailure(made)) throw new Error(made.message);
    const pending = { version: tokenOf(1), text: made.text, createdAt: 0 };
    const versions = { current, pending, previous: null };
    expect(await signingKey.test(stage.rotation(tokenOf(1)), versions)).toBeNull();
    expect(await signingKey.login(stage.rotation(tokenOf(1)), pending)).toBeNull();
    stage.pass(13 * hour);
    expect(await signingKey.test(stage.rotation(tokenOf(1)), versions)).toMatchObject({ failed: "authentication" });
    expect(await signingKey.login(stage.rotation(tokenOf(1)), pending)).toMatchObject({ failed: "authentication" });
  });

  test("that is the current one works when its predecessor counts no more, whoever asks", async () => {
    const stage = await setStage({ text });
    await rotate(stage, signingKey, tokenOf(1));
    stage.pass(100 * hour);
    const current = await stage.at("AWSCURRENT");
    if (current === null) throw new Error("no value");
    expect(await signingKey.login(stage.rotation(tokenOf(1)), current)).toBeNull();
  });

  test("that signs is never retired", async () => {
    const stage = await setStage({ text });
    const value = { version: "0", text, createdAt: 0 };
    expect(await signingKey.retire(stage.rotation(tokenOf(1)), value, value)).toMatchObject({ failed: "policy" });
  });

  test("whose new value does not follow it is not promoted", async () => {
    const stage = await setStage({ text });
    const other = JSON.stringify({ current: { ...first, id: "x", key: "y" }, previous: null });
    const versions = {
      current: { version: "0", text, createdAt: 0 },
      pending: { version: tokenOf(1), text: other, createdAt: 0 },
      previous: null,
    };
    expect(await signingKey.test(stage.rotation(tokenOf(1)), versions)).toMatchObject({ failed: "policy" });
  });

  test.each([
    ["no text", "its value is no JSON object"],
    ["{}", "its field current is no object"],
    ['{"current":{"id":"a"}}', "in current: its value has no field key"],
    ['{"current":{"id":"a","key":"b","createdAt":"soon"}}', "its field current.createdAt is no time"],
    [
      JSON.stringify({ current: first, previous: { ...first, acceptedUntil: "later" } }),
      "its field previous.acceptedUntil is no time",
    ],
  ])("in %s cannot be read: %s", async (value, says) => {
    expect(signingKeysOf({ text: value })).toMatchObject({ failed: "malformed", message: says });
  });
});
