import { describe, expect, test } from "vitest";
import { Refused } from "../../shared/failures.ts";
import { removeFreeze, writeFreeze } from "../../shared/freezes.ts";
import { changeRecord } from "../../shared/secrets/records.ts";
import { type Stage, stage, steps } from "./rotating.ts";

const tags = { "nightshift:kind": "api-key", "nightshift:strategy": "random" };

describe("the guards, in order", () => {
  const refusals: [string, (scene: Stage, arn: string) => void, string, string][] = [
    [
      "a secret that is marked for deletion",
      (s, arn) => void Object.assign(s.secrets.secret(arn), { deletedAt: 1 }),
      "createSecret",
      "deletion",
    ],
    [
      "one that a service manages",
      (s, arn) => void Object.assign(s.secrets.secret(arn), { owningService: "rds" }),
      "createSecret",
      "rds",
    ],
    [
      "an external one",
      (s, arn) => void Object.assign(s.secrets.secret(arn), { type: "Salesforce" }),
      "createSecret",
      "external",
    ],
    [
      "a replica",
      (s, arn) => void Object.assign(s.secrets.secret(arn), { primaryRegion: "eu-west-3" }),
      "createSecret",
      "eu-west-3",
    ],
    ["one without the tag", (s, arn) => s.secrets.secret(arn).tags.clear(), "createSecret", "nightshift:kind"],
    [
      "one whose rotation is turned off",
      (s, arn) => {
        const { rotation } = s.secrets.secret(arn);
        if (rotation !== null) rotation.enabled = false;
      },
      "createSecret",
      "turned off",
    ],
    ["a step that there is not", () => {}, "create_secret", "none of the four"],
  ];
  test.each(refusals)("refuse %s, and change nothing", async (_, change, step, says) => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    change(scene, arn);
    await expect(scene.step(arn, token, step)).rejects.toThrow(says);
    expect(scene.secrets.secret(arn).versions.get(token)?.value).toBeNull();
  });

  test("refuse a version that is not known, and one that is not pending", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    await expect(scene.step(arn, "0".repeat(32), "createSecret")).rejects.toThrow("not known");
    await scene.step(arn, token, "createSecret");
    scene.secrets.secret(arn).versions.get(token)?.stages.clear();
    scene.secrets.secret(arn).versions.get(token)?.stages.add("mine");
    await expect(scene.step(arn, token, "setSecret")).rejects.toThrow("not pending");
  });

  test("refuse a version that was rolled back: taken again, it would undo that", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.rotate(arn);
    const before = scene.secrets.secret(arn);
    for (const [id, { stages }] of before.versions) {
      stages.clear();
      for (const label of id === token ? ["AWSPREVIOUS", "AWSPENDING"] : ["AWSCURRENT"]) stages.add(label);
    }
    for (const each of steps) await expect(scene.step(arn, token, each)).rejects.toThrow("was rolled back");
  });

  test("refuse what is no step at all, in one line that repeats nothing of it", async () => {
    const scene = await stage();
    const event = { Step: 5, SecretId: "x", Value: "marked" };
    const refused = scene.step("", "", "", event);
    await expect(refused).rejects.toBeInstanceOf(Refused);
    await expect(refused).rejects.not.toThrow("marked");
  });
});

const night = { reason: "release night", by: "somebody" };

describe("while rotations are frozen", () => {
  const frozen = async (scene: Stage) =>
    writeFreeze(scene.ledger, { operation: "rotate-secrets", ...night, at: scene.time.now });

  test("none begins, and nothing is changed", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    await frozen(scene);
    await expect(scene.step(arn, token, "createSecret")).rejects.toThrow("frozen: release night");
    expect(scene.secrets.secret(arn).versions.get(token)?.value).toBeNull();
    await removeFreeze(scene.ledger, "rotate-secrets");
    for (const step of steps) await scene.step(arn, token, step);
    expect((await scene.stages(arn))[token]).toEqual(["AWSCURRENT"]);
  });

  test("one that has begun goes on: a user's only password may be changed already", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    await scene.step(arn, token, "createSecret");
    await frozen(scene);
    for (const step of steps) await scene.step(arn, token, step);
    expect((await scene.stages(arn))[token]).toEqual(["AWSCURRENT"]);
  });
});

test("no step goes on while somebody retires or repairs a credential of the secret", async () => {
  const scene = await stage();
  const arn = await scene.keep("old", tags);
  const token = await scene.begin(arn);
  await scene.step(arn, token, "createSecret");
  const lease = (until: number | null) =>
    changeRecord(
      scene.ledger,
      arn,
      (record) => ({ ...record, retiringUntil: until }),
      async () => {},
    );
  await lease(scene.time.now + 60_000);
  for (const step of steps.slice(1)) await expect(scene.step(arn, token, step)).rejects.toThrow("retires or repairs");
  await lease(null);
  for (const step of steps.slice(1)) await scene.step(arn, token, step);
});
