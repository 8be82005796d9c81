import { describe, expect, test } from "vitest";
import { isFailure } from "../../../shared/secrets/failure.ts";
import { signingKeysOf } from "../../../shared/secrets/signing-keys.ts";
import { strategy as webhook } from "../../../shared/secrets/strategies/webhook/strategy.ts";
import { type Hook, openHook } from "./hook.ts";
import { reply, serve } from "./server.ts";
import { everywhereCutOff, noSettings, retire, rotate, setStage, tokenOf } from "./stage.ts";

async function setScene({ url }: { url: string }, signing = "the-hook's-key") {
  const stage = await setStage({
    text: '{"key": "first-key", "account": "shop"}',
    tags: { "nightshift:api": "vendor" },
    outside: () => ({ http: fetch }),
  });
  await stage.put({ name: "hooks/signing-key", text: signing });
  const strategy = webhook({ ...noSettings, webhooks: { vendor: { url, signingSecret: "hooks/signing-key" } } });
  return { stage, strategy };
}

describe("a key that a webhook makes", () => {
  test("is made, tested, promoted, and the one before revoked after the grace", async () => {
    const hook = await openHook();
    const { stage, strategy } = await setScene(hook);
    expect(await rotate(stage, strategy, tokenOf(1))).toBeNull();
    const key = `key-of-${tokenOf(1)}`;
    expect(JSON.parse((await stage.at("AWSCURRENT"))?.text ?? "")).toEqual({ key, account: "shop" });
    expect([...hook.keys]).toEqual(["first-key", key]);
    expect(await retire(stage, strategy, tokenOf(1))).toBeNull();
    expect(await retire(stage, strategy, tokenOf(1))).toBeNull();
    expect([...hook.keys]).toEqual([key]);
    const [first] = hook.heard;
    expect(JSON.parse(first?.body ?? "")).toEqual({
      ...{ version: 1, step: "create", secret: "shop/key", kind: "api-key", token: tokenOf(1) },
      ...{ at: "2027-01-01T00:00:00.000Z", value: { key: "first-key", account: "shop" } },
    });
    expect(first?.headers["nightshift-timestamp"]).toBe(String(Date.UTC(2027, 0, 1) / 1_000));
  });

  test("is made once, wherever the run is cut off", async () => {
    const hooks: Hook[] = [];
    await everywhereCutOff(
      async () => {
        const hook = await openHook();
        hooks.push(hook);
        return await setScene(hook);
      },
      async () => expect([...(hooks.at(-1)?.keys ?? [])]).toEqual(["first-key", `key-of-${tokenOf(1)}`]),
    );
  });

  test("is revoked when nobody will store it: only the webhook knows which one it was", async () => {
    const hook = await openHook();
    const { stage, strategy } = await setScene(hook);
    const value = await stage.at("AWSCURRENT");
    if (value === null) throw new Error("no value");
    await strategy.create(stage.rotation(tokenOf(1)), value);
    expect([...hook.keys]).toEqual(["first-key", `key-of-${tokenOf(1)}`]);
    expect(await strategy.abandon(stage.rotation(tokenOf(1)), null, value)).toBeNull();
    expect([...hook.keys]).toEqual(["first-key"]);
  });

  test("is asked for with both keys while the one that signs is rotated", async () => {
    const createdAt = "2026-12-01T00:00:00Z";
    const signing = JSON.stringify({
      current: { id: "new", key: "the-new-key", createdAt },
      previous: { id: "old", key: "the-old-key", createdAt, acceptedUntil: "2027-01-01T00:00:01Z" },
    });
    expect(isFailure(signingKeysOf({ text: signing }))).toBe(false);
    for (const key of ["the-old-key", "the-new-key"]) {
      const { stage, strategy } = await setScene(await openHook([key]), signing);
      expect(await rotate(stage, strategy, tokenOf(1))).toBeNull();
    }
    const { stage, strategy } = await setScene(await openHook(["the-old-key"]), signing);
    stage.pass(1_000);
    expect(await rotate(stage, strategy, tokenOf(1))).toMatchObject({ failed: "privilege" });
  });

  test.each([
    [401, {}, "privilege"],
    [403, {}, "privilege"],
    [404, {}, "policy"],
    [307, {}, "policy"],
    [429, {}, "throttle"],
    [502, {}, "service"],
    [200, {}, "malformed"],
    [200, { works: "no" }, "malformed"],
    [200, { works: false }, "authentication"],
    [200, { works: true }, null],
  ])("is judged by the webhook's own words: %i with %j is %s", async (status, document, failed) => {
    const server = await serve((_, response) => reply(response, status, document));
    const { stage, strategy } = await setScene(server);
    const value = await stage.at("AWSCURRENT");
    if (value === null) throw new Error("no value");
    expect((await strategy.login(stage.rotation(tokenOf(1)), value))?.failed ?? null).toBe(failed);
  });

  test("is none without a value, and not revoked without a word of it", async () => {
    const server = await serve((_, response) => reply(response, 200, { value: {} }));
    const { stage, strategy } = await setScene(server);
    const value = await stage.at("AWSCURRENT");
    if (value === null) throw new Error("no value");
    expect(await strategy.create(stage.rotation(tokenOf(1)), value)).toMatchObject({ failed: "malformed" });
    const dead = { ...value, text: '{"key": "other"}' };
    expect(await strategy.retire(stage.rotation(tokenOf(1)), dead, value)).toMatchObject({ failed: "malformed" });
  });
});
