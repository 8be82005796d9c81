import { STSServiceException } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { hour, second } from "../../../shared/instant.ts";
import { strategy as iamAccessKey } from "../../../shared/secrets/strategies/iam-access-key/strategy.ts";
import { type Scene, setScene, user } from "./iam-scene.ts";
import { everywhereCutOff, retire, rotate, type Stage, tokenOf } from "./stage.ts";

async function idAt(stage: Stage, label: string): Promise<string | null> {
  const value = await stage.at(label);
  return value === null ? null : JSON.parse(value.text).accessKeyId;
}

const statuses = ({ iam }: Scene) => [...iam.keys.values()].map(({ id, status }) => [id, status]);

describe("the access key of a user", () => {
  test("is followed by a second one; both work until the first is deactivated", async () => {
    const scene = await setScene();
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(1))).toBeNull();
    const current = JSON.parse((await scene.stage.at("AWSCURRENT"))?.text ?? "");
    expect(current).toMatchObject({ userName: user, region: "eu" });
    expect(statuses(scene)).toEqual([
      [scene.first.id, "Active"],
      [current.accessKeyId, "Active"],
    ]);
    expect(await retire(scene.stage, iamAccessKey, tokenOf(1))).toBeNull();
    expect(await retire(scene.stage, iamAccessKey, tokenOf(1))).toBeNull();
    expect(statuses(scene)).toEqual([
      [scene.first.id, "Inactive"],
      [current.accessKeyId, "Active"],
    ]);
  });

  test("is deleted by the next rotation, when it is retired and nobody used it for as long as the grace", async () => {
    const scene = await setScene();
    await rotate(scene.stage, iamAccessKey, tokenOf(1));
    scene.first.usedAt = scene.stage.now();
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(2))).toMatchObject({
      failed: "policy",
      message: "the previous access key is not retired yet",
    });
    await retire(scene.stage, iamAccessKey, tokenOf(1));
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(2))).toMatchObject({
      failed: "policy",
      message: "the previous access key was used less than 24 h ago",
    });
    scene.stage.pass(25 * hour);
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(2))).toBeNull();
    expect([...scene.iam.keys.keys()]).not.toContain(scene.first.id);
    expect(scene.iam.keys.size).toBe(2);
  });

  test("is not rotated beside a key that is not ours", async () => {
    const scene = await setScene();
    const foreign = scene.iam.putKey(user);
    const failed = await rotate(scene.stage, iamAccessKey, tokenOf(1));
    expect(failed?.failed).toBe("policy");
    expect(failed?.message).toMatch(/^needs-operator: /);
    expect(statuses(scene)).toEqual([
      [scene.first.id, "Active"],
      [foreign.id, "Active"],
    ]);
  });

  test("is not rotated for a user whom the secret names and whose key it does not hold", async () => {
    const scene = await setScene({ text: (own) => ({ ...own, userName: "administrator" }) });
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(1))).toMatchObject({ failed: "policy" });
    expect(scene.iam.keys.size).toBe(1);
  });

  test("is waited for until it is known everywhere", async () => {
    const scene = await setScene({ lagMs: 12 * second });
    const began = scene.stage.now();
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(1))).toBeNull();
    expect(scene.stage.now() - began).toBeGreaterThanOrEqual(12 * second);
  });

  test("that never becomes known is not promoted", async () => {
    const scene = await setScene({ lagMs: hour });
    expect(await rotate(scene.stage, iamAccessKey, tokenOf(1))).toMatchObject({ failed: "authentication" });
    expect(await idAt(scene.stage, "AWSCURRENT")).toBe(scene.first.id);
  });

  test("that is abandoned is deleted; the current one never is", async () => {
    const scene = await setScene({ lagMs: hour });
    await rotate(scene.stage, iamAccessKey, tokenOf(1));
    const [pending, current] = [await scene.stage.at("AWSPENDING"), await scene.stage.at("AWSCURRENT")];
    if (pending === null || current === null) throw new Error("no versions");
    expect(await iamAccessKey.abandon(scene.stage.rotation(tokenOf(1)), current, current)).toBeNull();
    expect(scene.iam.keys.size).toBe(2);
    expect(await iamAccessKey.abandon(scene.stage.rotation(tokenOf(2)), pending, current)).toBeNull();
    expect(statuses(scene)[1]?.[1]).toBe("Inactive");
    expect(await iamAccessKey.abandon(scene.stage.rotation(tokenOf(1)), pending, current)).toBeNull();
    expect(statuses(scene)).toEqual([[scene.first.id, "Active"]]);
  });

  test("comes to the same end wherever the run is cut off: two keys, both in a version, both working", async () => {
    const scenes: Scene[] = [];
    const calls = await everywhereCutOff(
      async () => {
        const scene = await setScene({ lagMs: 2 * second });
        scenes.push(scene);
        return { stage: scene.stage, strategy: iamAccessKey };
      },
      async (stage) => {
        const scene = scenes.at(-1);
        if (scene === undefined) throw new Error("no scene");
        const ids = [await idAt(stage, "AWSPREVIOUS"), await idAt(stage, "AWSCURRENT")];
        expect(statuses(scene)).toEqual(ids.map((id) => [id, "Active"]));
      },
    );
    expect(calls).toBeGreaterThan(12);
  });

  test("is not thought dead because a clock is wrong, the network is gone, or too many ask", async () => {
    const problems: [name: string, message: string, status: number, failed: string][] = [
      ["SignatureDoesNotMatch", "Signature expired: 20270101T000000Z is now earlier than", 403, "surprise"],
      ["Throttling", "Rate exceeded", 400, "throttle"],
      ["ServiceUnavailable", "", 503, "service"],
      ["AccessDenied", "explicitly denied", 403, "privilege"],
    ];
    for (const [name, message, httpStatusCode, failed] of problems) {
      const { stage } = await setScene();
      const send = async () => {
        throw new STSServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode } });
      };
      const current = await stage.at("AWSCURRENT");
      if (current === null) throw new Error("no value");
      const outside = { ...stage.outside, sts: () => ({ send }) };
      const login = iamAccessKey.login({ ...stage.rotation(tokenOf(1)), outside }, current);
      const outcome = await login.then((found) => found?.failed ?? "works").catch(() => "surprise");
      expect(outcome).toBe(failed);
    }
  });

  test("is looked at beforehand without a change to anything", async () => {
    const scene = await setScene();
    const current = await scene.stage.at("AWSCURRENT");
    if (current === null) throw new Error("no value");
    const checks = await iamAccessKey.preflight(scene.stage.rotation(tokenOf(1)), current);
    expect(checks.map(({ what, failure }) => [what, failure])).toEqual([
      ["login", null],
      ["keys", null],
      ["permission", null],
    ]);
    expect(scene.iam.keys.size).toBe(1);
  });
});

test("no failure holds anything of a key", async () => {
  const scene = await setScene({ lagMs: hour });
  const texts = [
    await rotate(scene.stage, iamAccessKey, tokenOf(1)),
    await rotate(scene.stage, iamAccessKey, tokenOf(2)),
  ];
  for (const key of scene.iam.keys.values()) expect(JSON.stringify(texts)).not.toContain(key.secret);
});
