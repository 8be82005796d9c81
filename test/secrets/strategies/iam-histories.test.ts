import { UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hour } from "../../../shared/instant.ts";
import { strategy as iamAccessKey } from "../../../shared/secrets/strategies/iam-access-key/strategy.ts";
import { type Scene, setScene, user } from "./iam-scene.ts";
import { CutOff, retire, rotate, tokenOf } from "./stage.ts";

// What people and crashes can do to a user's keys, in any order. A person's key is made an hour from any attempt of ours: one made
// within minutes of a run that was cut off, and never used, cannot be told from the run's own (docs/rotation.md).

type Happening =
  | { type: "rotate" | "retire"; cutAt: number | null; when: "before" | "after" }
  | { type: "abandon"; cutAt: number | null; when: "before" | "after" }
  | { type: "person-makes" | "person-uses" | "person-deletes" | "waits" };

const cut = {
  cutAt: fc.option(fc.integer({ min: 1, max: 20 }), { nil: null }),
  when: fc.constantFrom("before" as const, "after" as const),
};

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("rotate" as const), ...cut }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("retire" as const), ...cut }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("abandon" as const), ...cut }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom("person-makes", "person-uses", "person-deletes", "waits") }),
  },
) as fc.Arbitrary<Happening>;

interface History extends Scene {
  token: number;
  /** Keys that people have made, with the status that they gave them. */
  foreign: Set<string>;
  done: number;
}

test("in any history the current key works, people's keys stay as they are, and what a crash left behind is removed", async () => {
  let rotations = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 14 }), fc.integer({ min: 0, max: 9_000 }), async (all, lagMs) => {
      const history: History = { ...(await setScene({ lagMs })), token: 1, foreign: new Set(), done: 0 };
      for (const each of all) {
        await happen(history, each);
        await check(history);
        history.stage.pass(hour);
      }
      rotations += history.done;
    }),
    { numRuns: 400 },
  );
  expect(rotations).toBeGreaterThan(100);
});

async function happen(history: History, each: Happening): Promise<void> {
  const { stage, iam, foreign } = history;
  switch (each.type) {
    case "rotate":
      return await untilCut(history, each, async () => {
        const failed = await rotate(stage, iamAccessKey, tokenOf(history.token));
        if (failed !== null) return;
        expect(await orphansOf(history)).toEqual([]);
        history.token++;
        history.done++;
      });
    case "retire":
      if ((await stage.at("AWSPREVIOUS")) === null) return;
      return await untilCut(
        history,
        each,
        async () => void (await retire(stage, iamAccessKey, tokenOf(history.token))),
      );
    case "abandon":
      return await untilCut(history, each, () => abandon(history));
    case "person-makes":
      if ([...iam.keys.values()].length < 2) foreign.add(iam.putKey(user).id);
      return;
    case "person-uses":
      for (const id of foreign) Object.assign(iam.keys.get(id) ?? {}, { usedAt: stage.now() });
      return;
    case "person-deletes":
      for (const id of foreign) iam.keys.delete(id);
      foreign.clear();
      return;
    case "waits":
      return stage.pass(30 * hour);
  }
}

async function untilCut(
  { stage }: History,
  { cutAt, when }: { cutAt: number | null; when: "before" | "after" },
  run: () => Promise<void>,
) {
  stage.cutOff(cutAt, when);
  try {
    await run();
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
  }
  stage.cutOff(null, when);
}

async function abandon(history: History): Promise<void> {
  const { stage } = history;
  const current = await stage.at("AWSCURRENT");
  const pending = await stage.at("AWSPENDING");
  if (current === null || pending?.version === current.version) return;
  const failed = await iamAccessKey.abandon(stage.rotation(tokenOf(history.token)), pending, current);
  if (failed !== null) return;
  if (pending !== null) {
    const label = { SecretId: stage.arn, VersionStage: "AWSPENDING", RemoveFromVersionId: pending.version };
    await stage.outside.secrets.send(new UpdateSecretVersionStageCommand(label));
  }
  history.token++;
}

async function check(history: History): Promise<void> {
  const { stage, iam, foreign } = history;
  const current = JSON.parse((await stage.at("AWSCURRENT"))?.text ?? "{}").accessKeyId;
  expect(iam.keys.get(current)?.status).toBe("Active");
  expect([...foreign].map((id) => iam.keys.get(id)?.status)).toEqual([...foreign].map(() => "Active"));
  expect((await orphansOf(history)).length).toBeLessThanOrEqual(1);
}

/** Keys that neither a person made nor a version holds. */
async function orphansOf({ stage, iam, foreign }: History): Promise<string[]> {
  const held = await Promise.all(["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"].map((label) => stage.at(label)));
  const ids = held.map((value) => (value === null ? null : JSON.parse(value.text).accessKeyId));
  return [...iam.keys.keys()].filter((id) => !foreign.has(id) && !ids.includes(id));
}
