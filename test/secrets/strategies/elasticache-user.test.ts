import { describe, expect, test } from "vitest";
import { minute, second } from "../../../shared/instant.ts";
import { strategy as elasticacheUser } from "../../../shared/secrets/strategies/elasticache-user/strategy.ts";
import { createElastiCache, type SimulatedElastiCache } from "../../../simulation/aws/elasticache.ts";
import { everywhereCutOff, retire, rotate, type Stage, setStage, tokenOf } from "./stage.ts";

const first = "the-first-password-of-all";
const arn = "arn:aws:elasticache:eu-west-1:111122223333:user:shop-1";
const value = { username: "shop", password: first, user_arn: arn, host: "cache.example.com" };

interface Scene {
  stage: Stage;
  cache: SimulatedElastiCache;
}

async function setScene(change: object = {}, tag = "shop-1", changeMs = 5 * second): Promise<Scene> {
  const made: SimulatedElastiCache[] = [];
  const stage = await setStage({
    text: JSON.stringify({ ...value, ...change }),
    tags: { "nightshift:user": tag },
    outside: (now) => {
      const cache = createElastiCache({ now, changeMs: () => changeMs });
      cache.putUser("shop-1", "shop", [first]);
      cache.putUser("default", "default", ["the-password-of-somebody"]);
      made.push(cache);
      return { elasticache: cache };
    },
  });
  const [cache] = made;
  if (cache === undefined) throw new Error("nothing was made");
  return { stage, cache };
}

async function passwordAt(stage: Stage, label: string): Promise<string> {
  return JSON.parse((await stage.at(label))?.text ?? "{}").password;
}

async function valid({ stage, cache }: Scene): Promise<string[]> {
  const labels = ["AWSPREVIOUS", "AWSCURRENT"];
  const all = await Promise.all(labels.map(async (label) => [label, await passwordAt(stage, label)] as const));
  return all.filter(([, password]) => cache.accepts("shop-1", password)).map(([label]) => label);
}

describe("an ElastiCache user", () => {
  test("is let in with both passwords until the first is taken away", async () => {
    const scene = await setScene();
    expect(await rotate(scene.stage, elasticacheUser, tokenOf(1))).toBeNull();
    expect(await passwordAt(scene.stage, "AWSPREVIOUS")).toBe(first);
    expect(await valid(scene)).toEqual(["AWSPREVIOUS", "AWSCURRENT"]);
    expect(JSON.parse((await scene.stage.at("AWSCURRENT"))?.text ?? "").host).toBe("cache.example.com");
    expect(await retire(scene.stage, elasticacheUser, tokenOf(1))).toBeNull();
    expect(await retire(scene.stage, elasticacheUser, tokenOf(1))).toBeNull();
    expect(await valid(scene)).toEqual(["AWSCURRENT"]);
  });

  test("has both passwords wherever the run is cut off", async () => {
    const scenes: Scene[] = [];
    const calls = await everywhereCutOff(
      async () => {
        const scene = await setScene();
        scenes.push(scene);
        return { stage: scene.stage, strategy: elasticacheUser };
      },
      async () => {
        const scene = scenes.at(-1);
        expect(scene === undefined ? [] : await valid(scene)).toEqual(["AWSPREVIOUS", "AWSCURRENT"]);
      },
    );
    expect(calls).toBeGreaterThan(10);
  });

  test("that is changed by somebody else is waited for", async () => {
    const scene = await setScene();
    scene.cache.putUser("shop-1", "shop", [first]);
    await rotate(scene.stage, elasticacheUser, tokenOf(1));
    // Its own change is under way when the next one comes.
    const began = scene.stage.now();
    await retire(scene.stage, elasticacheUser, tokenOf(1));
    await retire(scene.stage, elasticacheUser, tokenOf(1));
    expect(scene.stage.now() - began).toBeGreaterThanOrEqual(10 * second);
  });

  test("that does not become active in time is tried again later", async () => {
    const scene = await setScene({}, "shop-1", 10 * minute);
    expect(await rotate(scene.stage, elasticacheUser, tokenOf(1))).toMatchObject({ failed: "service" });
    scene.stage.pass(10 * minute);
    expect(await rotate(scene.stage, elasticacheUser, tokenOf(1))).toMatchObject({ failed: "service" });
    expect(scene.cache.accepts("shop-1", first)).toBe(true);
  });

  test("that is abandoned keeps the current password alone", async () => {
    const scene = await setScene();
    const current = await scene.stage.at("AWSCURRENT");
    if (current === null) throw new Error("no value");
    const rotation = scene.stage.rotation(tokenOf(1));
    const pending = { ...current, version: tokenOf(1), text: JSON.stringify({ ...value, password: "x".repeat(40) }) };
    expect(await elasticacheUser.set(rotation, { current, pending, previous: null })).toBeNull();
    expect(scene.cache.accepts("shop-1", "x".repeat(40))).toBe(true);
    expect(await elasticacheUser.abandon(rotation, pending, current)).toBeNull();
    expect(scene.cache.accepts("shop-1", "x".repeat(40))).toBe(false);
    expect(scene.cache.accepts("shop-1", first)).toBe(true);
  });

  test("is not said to be let in by a password that was never given to it", async () => {
    const { stage } = await setScene();
    const current = await stage.at("AWSCURRENT");
    if (current === null) throw new Error("no value");
    const rotation = stage.rotation(tokenOf(1));
    const pending = { ...current, version: tokenOf(1), text: JSON.stringify({ ...value, password: "x".repeat(40) }) };
    expect(await elasticacheUser.login(rotation, current)).toBeNull();
    expect(await elasticacheUser.login(rotation, pending)).toMatchObject({ failed: "authentication" });
    await elasticacheUser.set(rotation, { current, pending, previous: null });
    expect(await elasticacheUser.login(rotation, pending)).toBeNull();
  });

  test.each([
    [{}, "", "policy: its tag nightshift:user does not name the user of its value"],
    [
      { user_arn: "arn:aws:elasticache:eu-west-1:111122223333:user:default" },
      "shop-1",
      "policy: its tag nightshift:user does not name the user of its value",
    ],
    [{ user_arn: "shop-1" }, "shop-1", "malformed: its field user_arn is no ARN of a user"],
    [{ username: "other" }, "shop-1", "malformed: its field username is not the name of that user"],
    [{ password: "" }, "shop-1", "malformed: its field password is no text, or an empty one"],
    [{ password: "too-short" }, "shop-1", "policy: ElastiCache does not take these passwords"],
  ])("with %j and the tag %j is not changed: %s", async (change, tag, says) => {
    const scene = await setScene(change, tag);
    const failed = await rotate(scene.stage, elasticacheUser, tokenOf(1));
    expect(`${failed?.failed}: ${failed?.message}`).toBe(says);
    expect(scene.cache.accepts("shop-1", first)).toBe(true);
    expect(scene.cache.accepts("default", "the-password-of-somebody")).toBe(true);
  });

  test("that is not there is told", async () => {
    const scene = await setScene({ user_arn: `${arn}00` }, "shop-100");
    expect(await rotate(scene.stage, elasticacheUser, tokenOf(1))).toMatchObject({
      failed: "malformed",
      message: "there is no such ElastiCache user",
    });
  });
});
