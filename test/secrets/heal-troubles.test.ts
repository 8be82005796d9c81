import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { day, hour, minute } from "../../shared/instant.ts";
import { writeSuccession } from "../../shared/secrets/records.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { isRetired, promotedScene, type Scene, saysComplete } from "./heal-scene.ts";
import { begin, v1, v2, values } from "./heal-world.ts";

const reader = { secret: "shop/*", cluster: "shop", service: "checkout" };

describe("what cannot be retired", () => {
  test.each(["network", "privilege", "throttle"] as const)(
    "for %s is tried again later each time, and told after three attempts",
    async (reason) => {
      const scene = await promotedScene();
      scene.later(24 * hour);
      scene.database.stubborn = reason;
      for (const pauseMinutes of [5, 10, 20]) {
        await scene.sweep();
        scene.later(pauseMinutes * minute - 1);
        const { attempts } = (await scene.succession()) ?? {};
        await scene.sweep();
        expect((await scene.succession())?.attempts).toBe(attempts);
        scene.later(1);
      }
      expect(scene.findings()).toMatchObject([
        { operation: "heal-rotations", rule: "retire-failed", resource: scene.arn, state: "raised", severity: "P2" },
      ]);
      scene.database.stubborn = null;
      await scene.sweep();
      expect(await isRetired(scene)).toBe(true);
      expect(scene.findings().map(({ state }) => state)).toEqual(["raised", "cleared"]);
    },
  );

  test("is told at once when it nears the age that its kind allows", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    scene.database.stubborn = "network";
    await scene.change((record) => ({
      ...record,
      live: [{ version: v1, bornAt: scene.clock.at - 90 * day + hour }, ...record.live.slice(1)],
    }));
    await scene.sweep();
    expect(scene.findings()).toMatchObject([{ rule: "retire-failed", state: "raised" }]);
  });

  test("because its value is not kept any more stays a finding, and stays alive in the record", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    scene.secrets.secret(scene.arn).versions.delete(v1);
    for (let each = 0; each < 3; each++) {
      await scene.sweep();
      scene.later(6 * hour);
    }
    expect(scene.findings()).toMatchObject([{ rule: "retire-failed", state: "raised" }]);
    expect((await scene.record()).live.map(({ version }) => version)).toEqual([v1, v2]);
  });

  test("holds up no other", async () => {
    const scene = await promotedScene();
    scene.later(24 * hour);
    const other = await scene.succession();
    if (other === null) throw new Error("there is no succession");
    // Of a secret that the service refuses to describe.
    await writeSuccession(scene.ledger, { ...other, arn: "", name: "broken" }, begin - day);
    const send = scene.secrets.send as (command: unknown) => Promise<unknown>;
    scene.secrets.send = (async (command: { input: { SecretId?: string } }) => {
      if (command.input.SecretId === "") throw new Error("out of order");
      return await send(command);
    }) as typeof scene.secrets.send;
    await expect(scene.sweep()).rejects.toThrow("1 failures, the first of them: broken: Error");
    expect(await isRetired(scene)).toBe(true);
    expect(saysComplete(scene)).toBe(false);
  });
});

describe("who reads the secret and keeps it in memory", () => {
  test("is deployed anew once, and the previous credential waits for that", async () => {
    const scene = await promotedScene({ readers: [reader] });
    scene.later(minute);
    await scene.sweep();
    scene.later(24 * hour);
    await scene.sweep();
    expect(scene.ecs.deployments("shop", "checkout")).toHaveLength(2);
    expect(await isRetired(scene)).toBe(false);
    const newest = scene.ecs.deployments("shop", "checkout").at(-1);
    if (newest !== undefined) newest.rolloutState = "COMPLETED";
    scene.later(10 * minute);
    await scene.sweep();
    expect(scene.ecs.deployments("shop", "checkout")).toHaveLength(2);
    expect(await isRetired(scene)).toBe(true);
  });

  test.each(["FAILED", undefined] as const)("and whose deployment ends with %s is a finding", async (rolloutState) => {
    const scene = await promotedScene({ readers: [reader] });
    scene.later(minute);
    await scene.sweep();
    for (const deployment of scene.ecs.deployments("shop", "checkout")) deployment.rolloutState = rolloutState;
    for (const hours of [1, 1, 1]) {
      scene.later(hours * hour);
      await scene.sweep();
    }
    expect(scene.findings()).toMatchObject([
      { rule: "refresh-failed", resource: scene.arn, state: "raised", severity: "P2" },
    ]);
    for (const deployment of scene.ecs.deployments("shop", "checkout")) deployment.rolloutState = "COMPLETED";
    scene.later(day);
    await scene.sweep();
    expect(await isRetired(scene)).toBe(true);
    expect(scene.findings().map(({ rule, state }) => `${rule} ${state}`)).toEqual([
      "refresh-failed raised",
      "refresh-failed cleared",
    ]);
  });

  test.each([
    [{ service: "gone" }, "there is no service shop/gone"],
    [{ cluster: "gone" }, "Amazon ECS refuses it (ClusterNotFoundException)"],
  ])("and is not there is said, and holds up no other: %o", async (change, problem) => {
    const scene = await promotedScene({ readers: [{ ...reader, ...change }] });
    scene.later(minute);
    await scene.sweep();
    expect(scene.lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        fields: expect.objectContaining({ problem }),
      }),
    );
  });

  test("is left alone when the secret is another one", async () => {
    const scene = await promotedScene({ readers: [{ ...reader, secret: "bank/*" }] });
    scene.later(day);
    await scene.sweep();
    expect(scene.ecs.deployments("shop", "checkout")).toHaveLength(1);
    expect(await isRetired(scene)).toBe(true);
  });
});

test("a frozen operation says so and changes nothing", async () => {
  const scene = await promotedScene();
  const body = JSON.stringify({ operation: "heal-rotations", by: "ada", reason: "migration", at: begin });
  await scene.dynamodb.send(
    new PutItemCommand({
      TableName: ledgerTable,
      Item: { pk: { S: "freeze#heal-rotations" }, sk: { S: "freeze" }, body: { S: body } },
    }),
  );
  scene.later(day);
  await scene.sweep();
  expect(scene.database.passwords.has(values[v1])).toBe(true);
  expect(scene.lines.map(({ message }) => message)).toEqual(["frozen: nothing is changed", "sweep complete"]);
});

describe("killed before or after any of its calls", () => {
  test("a sweep is finished by the next ones: told, refreshed, retired, and nothing of it left behind", async () => {
    const prepare = async () => {
      const scene = await promotedScene({ readers: [reader] });
      scene.later(day);
      return scene;
    };
    const settle = async (scene: Scene) => {
      for (let each = 0; each < 4; each++) {
        for (const deployment of scene.ecs.deployments("shop", "checkout")) deployment.rolloutState = "COMPLETED";
        await scene.sweep();
        // The lease of a dead process has an end.
        scene.later(6 * hour);
      }
    };
    const whole = await prepare();
    await whole.sweep();
    const first = whole.calls;
    for (const deployment of whole.ecs.deployments("shop", "checkout")) deployment.rolloutState = "COMPLETED";
    whole.later(hour);
    await whole.sweep();
    expect(await isRetired(whole)).toBe(true);
    const second = whole.calls;
    expect(Math.min(first, second)).toBeGreaterThan(8);
    for (const [sweeps, calls] of [
      [1, first],
      [2, second],
    ] as const) {
      for (let call = 1; call <= calls; call++) {
        for (const executed of [false, true]) {
          const scene = await prepare();
          if (sweeps === 2) {
            await scene.sweep();
            for (const deployment of scene.ecs.deployments("shop", "checkout")) deployment.rolloutState = "COMPLETED";
            scene.later(hour);
          }
          await scene.sweep({ call, executed }).catch(() => {});
          expect(scene.database.passwords.has(values[v2])).toBe(true);
          await settle(scene);
          expect(await isRetired(scene), `call ${call}, ${executed ? "after" : "before"}`).toBe(true);
          expect([...scene.database.passwords]).toEqual([values[v2]]);
          expect(await scene.record()).toMatchObject({ live: [{ version: v2 }], retiringUntil: null });
          expect(scene.bridge.events.some(({ type }) => type === "SecretRotated")).toBe(true);
        }
      }
    }
  });
});

test("nothing of a value is in a log, an event or a row", async () => {
  const scene = await promotedScene();
  scene.later(day);
  scene.database.stubborn = "network";
  for (let each = 0; each < 4; each++) {
    await scene.sweep();
    scene.later(6 * hour);
  }
  const written = JSON.stringify([scene.lines, scene.bridge.events, [...scene.dynamodb.items(ledgerTable)]]);
  expect(written).toContain("retire-failed");
  expect(written).not.toContain("canary");
});

test("a sweep that runs out of time says so, and leaves the rest to the next one", async () => {
  const scene = await promotedScene();
  scene.later(day);
  const { now } = scene;
  let asked = 0;
  // Each look at the clock takes half a minute.
  scene.now = () => now() + 30_000 * asked++;
  await expect(scene.sweep()).rejects.toThrow("no time left");
  expect(saysComplete(scene)).toBe(false);
  scene.now = now;
  await scene.sweep();
  expect(await isRetired(scene)).toBe(true);
});
