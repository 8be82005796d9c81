import { describe, expect, test } from "vitest";
import { strategy as random } from "../../../shared/secrets/strategies/random/strategy.ts";
import type { Tags } from "../../../shared/secrets/tags.ts";
import { everywhereCutOff, retire, rotate, setStage, tokenOf } from "./stage.ts";

async function rotated(text: string, tags: Tags = {}): Promise<string> {
  const stage = await setStage({ text, tags });
  const failed = await rotate(stage, random, tokenOf(1));
  return failed === null ? ((await stage.at("AWSCURRENT"))?.text ?? "") : `${failed.failed}: ${failed.message}`;
}

describe("a random value", () => {
  test("that is all of the secret is replaced as a whole, by 40 characters", async () => {
    expect(await rotated("old-value")).toMatch(/^[\w.~-]{40}$/);
  });

  test("in a JSON secret is its field password, and the other fields stay", async () => {
    const { password, user } = JSON.parse(await rotated('{"user":"ada","password":"old-value"}'));
    expect({ user, length: password.length }).toEqual({ user: "ada", length: 40 });
  });

  test("is the field that a tag names, as long as a tag says", async () => {
    const tags = { "nightshift:field": "salt", "nightshift:length": "64" };
    const { salt, password } = JSON.parse(await rotated('{"salt":"old-value","password":"stays"}', tags));
    expect({ length: salt.length, password }).toEqual({ length: 64, password: "stays" });
  });

  test.each([
    ['{"user":"ada"}', {}, "malformed: its value has no field password"],
    ['{"password":"x"}', { "nightshift:field": "salt" }, "malformed: its value has no field salt"],
    [
      "old-value",
      { "nightshift:field": "salt" },
      "malformed: its value is no JSON object, and its tag nightshift:field names a field",
    ],
    ["old-value", { "nightshift:length": "8" }, "malformed: its tag nightshift:length is no length"],
    ["old-value", { "nightshift:length": "many" }, "malformed: its tag nightshift:length is no length"],
  ])("%s with %j is not rotated: %s", async (text, tags, says) => {
    expect(await rotated(text, tags)).toBe(says);
  });

  test("is made once, wherever the run is cut off", async () => {
    const calls = await everywhereCutOff(
      async () => ({ stage: await setStage({ text: "old-value" }), strategy: random }),
      async (stage) => {
        expect((await stage.at("AWSPREVIOUS"))?.text).toBe("old-value");
        expect(await retire(stage, random, tokenOf(1))).toBeNull();
      },
    );
    expect(calls).toBeGreaterThan(4);
  });

  test("that did not change is no success", async () => {
    const stage = await setStage({ text: "old-value" });
    const same = { version: "1", text: "old-value", createdAt: 0 };
    const failed = await random.test(stage.rotation(tokenOf(1)), { current: same, pending: same, previous: null });
    expect(failed?.failed).toBe("policy");
  });
});
