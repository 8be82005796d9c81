import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { day, hour, minute } from "../../shared/instant.ts";
import type { FailureReason } from "../../shared/secrets/failure.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createScene, type Scene } from "./heal-scene.ts";
import { type Changes, v1, v2, values } from "./heal-world.ts";

interface Setting extends Changes {
  /** Which credentials the database knows. */
  known?: readonly string[];
  silence?: FailureReason;
  empty?: boolean;
  ageMinutes?: number;
}

/** A rotation from v1 to v2 that broke off. */
async function stuckScene({
  known = [values[v1], values[v2]],
  silence,
  empty = false,
  ageMinutes = 90,
  ...changes
}: Setting = {}) {
  const scene = await createScene(changes);
  scene.later(day);
  await scene.pending({ empty, ageMinutes });
  scene.database.passwords.clear();
  for (const password of known) scene.database.passwords.add(password);
  scene.database.silence = silence ?? null;
  return scene;
}

/** Everything that a person would see of the secret. */
async function seenOf(scene: Scene) {
  return { v1: scene.stages(v1), v2: scene.stages(v2), passwords: [...scene.database.passwords] };
}

const untouched = { v1: ["AWSCURRENT"], v2: ["AWSPENDING"] };

describe("a pending version that has stood for an hour", () => {
  test("is removed when it is empty", async () => {
    const scene = await stuckScene({ empty: true, known: [values[v1]] });
    await scene.sweep();
    expect(await seenOf(scene)).toEqual({ v1: ["AWSCURRENT"], v2: [], passwords: [values[v1]] });
    expect(scene.database.logins).toBe(0);
  });

  test("becomes the current one when it works and the current one does not", async () => {
    const scene = await stuckScene({ known: [values[v2]] });
    await scene.sweep();
    expect(await seenOf(scene)).toEqual({ v1: ["AWSPREVIOUS"], v2: ["AWSCURRENT"], passwords: [values[v2]] });
    expect(await scene.succession()).toMatchObject({ from: v1, to: v2, told: true, retireAt: scene.clock.at + day });
  });

  test("is removed, and what was made for it, when the current one works and it does not", async () => {
    const scene = await stuckScene({ known: [values[v1]] });
    await scene.sweep();
    expect(await seenOf(scene)).toEqual({ v1: ["AWSCURRENT"], v2: [], passwords: [values[v1]] });
    expect((await scene.record()).live).toEqual([]);
  });

  test("becomes the current one when both work", async () => {
    const scene = await stuckScene();
    await scene.sweep();
    expect((await seenOf(scene)).v2).toEqual(["AWSCURRENT"]);
    expect(scene.findings()).toEqual([]);
  });

  test("but not when both work and it may do less than the current one", async () => {
    const scene = await stuckScene();
    scene.database.incomplete.add(values[v2]);
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
    expect(scene.findings()).toMatchObject([{ rule: "rotation-stuck", severity: "P2", remedy: "grant it" }]);
  });

  test("is left alone when neither works: somebody is paged, with what was seen", async () => {
    const scene = await stuckScene({ known: [] });
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
    expect(scene.findings()).toMatchObject([{ rule: "rotation-stuck", severity: "P1", state: "raised" }]);
    const [finding] = scene.findings();
    expect(finding?.message).toContain("pending: it is refused; current: it is refused; previous: there is none");
  });

  test.each(["network", "tls", "throttle", "privilege", "kms", "service"] as const)(
    "is left alone while nobody answers because of %s, and that is said once",
    async (silence) => {
      const scene = await stuckScene({ known: [], silence });
      await scene.sweep();
      scene.later(hour);
      await scene.sweep();
      expect(await seenOf(scene)).toMatchObject(untouched);
      expect(scene.findings()).toMatchObject([{ rule: "rotation-stuck", severity: "P2" }]);
      expect(scene.findings()[0]?.message).toContain(`pending: unknown (${silence})`);
    },
  );

  test("is told and not repaired while the mode is recommend", async () => {
    for (const setting of [{ empty: true }, { known: [values[v2]] }, { known: [values[v1]] }, {}]) {
      const scene = await stuckScene({ ...setting, mode: "recommend" });
      const before = await seenOf(scene);
      const record = await scene.record();
      await scene.sweep();
      expect(await seenOf(scene)).toEqual(before);
      expect(await scene.record()).toEqual(record);
      expect(scene.findings()).toMatchObject([{ rule: "rotation-stuck", severity: "P2" }]);
      expect(scene.findings()[0]?.remedy).toContain("set healRotations.mode to act");
      expect(scene.lines).toContainEqual(expect.objectContaining({ message: "rotation stuck" }));
    }
  });

  test("is looked at once an hour", async () => {
    const scene = await stuckScene({ known: [] });
    await scene.sweep();
    const { logins } = scene.database;
    scene.later(59 * minute);
    await scene.sweep();
    expect(scene.database.logins).toBe(logins);
    scene.later(minute);
    await scene.sweep();
    expect(scene.database.logins).toBeGreaterThan(logins);
  });
});

describe("nothing is touched, and nobody logs in", () => {
  test("while somebody may still be at it", async () => {
    const scene = await stuckScene({ ageMinutes: 59 });
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
    expect(scene.database.logins).toBe(0);
  });

  test("while the previous credential is being retired", async () => {
    const scene = await stuckScene();
    await scene.change((record) => ({ ...record, retiringUntil: scene.clock.at + minute }));
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
    expect(scene.database.logins).toBe(0);
  });

  test.each([
    ["managed", { owningService: "rds" }],
    ["a replica", { primaryRegion: "us-east-1" }],
    ["external", { type: "partner" }],
    ["without a kind", { tags: new Map([["nightshift:kindness", "database-password"]]) }],
  ])("of a secret that is %s", async (_, change) => {
    const scene = await stuckScene();
    Object.assign(scene.secrets.secret(scene.arn), change);
    scene.secrets.remember(scene.secrets.secret(scene.arn));
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
    expect(scene.database.logins).toBe(0);
    expect(scene.findings()).toEqual([]);
  });

  test("when the operation was frozen", async () => {
    const scene = await stuckScene();
    const Item = {
      pk: { S: "freeze#heal-rotations" },
      sk: { S: "freeze" },
      body: { S: JSON.stringify({ by: "ada", reason: "x" }) },
    };
    await scene.dynamodb.send(new PutItemCommand({ TableName: ledgerTable, Item }));
    await scene.sweep();
    expect(await seenOf(scene)).toMatchObject(untouched);
  });

  test("where AWSPENDING stands on the current version: that is a good end", async () => {
    const scene = await stuckScene();
    scene.secrets.secret(scene.arn).versions.delete(v2);
    scene.secrets.secret(scene.arn).versions.get(v1)?.stages.add("AWSPENDING");
    scene.secrets.remember(scene.secrets.secret(scene.arn));
    await scene.sweep();
    expect(scene.stages(v1)).toEqual(["AWSCURRENT", "AWSPENDING"]);
  });
});

test("what was said is taken back when the rotation is not stuck any more, whoever has mended it", async () => {
  const scene = await stuckScene({ known: [] });
  await scene.sweep();
  scene.secrets.secret(scene.arn).versions.get(v2)?.stages.clear();
  scene.secrets.remember(scene.secrets.secret(scene.arn));
  scene.later(hour);
  await scene.sweep();
  expect(scene.findings().map(({ state }) => state)).toEqual(["raised", "cleared"]);
});

test("secrets beyond the first page are found", async () => {
  const scene = await stuckScene({ known: [values[v1]] });
  const stuck = scene.secrets.secret(scene.arn);
  for (let each = 0; each < 150; each++) {
    const Tags = [{ Key: "nightshift:kind", Value: "api-key" }];
    await scene.secrets.send(new CreateSecretCommand({ Name: `other/${each}`, SecretString: "{}", Tags }));
  }
  const all = scene.secrets.secrets as Map<string, typeof stuck>;
  all.delete(scene.arn);
  all.set(scene.arn, stuck);
  await scene.sweep();
  expect(scene.secrets.calls.get("ListSecretsCommand")).toBe(2);
  expect(scene.stages(v2)).toEqual([]);
});

describe("killed before or after any of its calls", () => {
  test.each([
    ["empty", { empty: true, known: [values[v1]] }, { v1: ["AWSCURRENT"], v2: [] }],
    ["the current one is dead", { known: [values[v2]] }, { v1: ["AWSPREVIOUS"], v2: ["AWSCURRENT"] }],
    ["the pending one is dead", { known: [values[v1]] }, { v1: ["AWSCURRENT"], v2: [] }],
    ["both work", {}, { v1: ["AWSPREVIOUS"], v2: ["AWSCURRENT"] }],
    ["neither works", { known: [] }, untouched],
  ] as const)("a repair is finished by the next sweep: %s", async (_, setting, end) => {
    const whole = await stuckScene(setting);
    await whole.sweep();
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(8);
    for (let call = 1; call <= calls; call++) {
      for (const executed of [false, true]) {
        const scene = await stuckScene(setting);
        await scene.sweep({ call, executed }).catch(() => {});
        for (let each = 0; each < 3; each++) {
          scene.later(hour);
          await scene.sweep();
        }
        expect(await seenOf(scene), `call ${call}, ${executed ? "after" : "before"}`).toMatchObject(end);
        const { live, retiringUntil } = await scene.record();
        expect(retiringUntil ?? 0).toBeLessThan(scene.clock.at);
        if (end.v2.length === 0) expect(live).toEqual([]);
        const states = scene.findings().map(({ state }) => state);
        expect(states.at(-1)).toBe(end === untouched ? "raised" : undefined);
      }
    }
  });
});

test("nothing of a value is in a log, an event or a row", async () => {
  for (const setting of [
    { known: [] },
    { silence: "network" as const },
    { known: [values[v2]] },
    { mode: "recommend" as const },
  ]) {
    const scene = await stuckScene(setting);
    await scene.sweep();
    const written = JSON.stringify([scene.lines, scene.bridge.events, [...scene.dynamodb.items(ledgerTable)]]);
    expect(written).toContain("shop/database");
    expect(written).not.toContain("canary");
  }
});
