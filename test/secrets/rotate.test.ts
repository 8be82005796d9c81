import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { Unavailable } from "../../shared/failures.ts";
import { day, hour } from "../../shared/instant.ts";
import { oldestBirth } from "../../shared/secrets/record.ts";
import { readSuccession } from "../../shared/secrets/records.ts";
import { noting } from "../contract/sent.ts";
import { type Stage, stage, steps } from "./rotating.ts";

const tags = { "nightshift:kind": "api-key", "nightshift:strategy": "random" };

async function current({ secrets }: Stage, arn: string): Promise<string | undefined> {
  const stored = await secrets.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: "AWSCURRENT" }));
  return stored.SecretString;
}

describe("a rotation", () => {
  test("gives everybody the new value at its end, and not before", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    for (const step of ["createSecret", "setSecret", "testSecret"]) {
      await scene.step(arn, token, step);
      expect(await current(scene, arn)).toBe("old");
    }
    await scene.step(arn, token, "finishSecret");
    expect(await current(scene, arn)).toMatch(/^[\w.~-]{40}$/);
    expect(
      Object.values(await scene.stages(arn))
        .flat()
        .toSorted(),
    ).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  });

  test("is told on the bus, without a value in it", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.rotate(arn);
    const told = scene.events.filter(({ type }) => type === "SecretRotated");
    expect(told).toMatchObject([
      { detail: { version: 1, secret: arn, kind: "api-key", strategy: "random", to: token } },
    ]);
    const value = await current(scene, arn);
    expect(JSON.stringify([scene.events, scene.lines])).not.toContain(value);
  });

  test("leaves the previous credential's end to be done after the grace", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.rotate(arn);
    const succession = await readSuccession(scene.ledger, arn, token);
    expect(succession).toMatchObject({ to: token, told: true, retired: false });
    expect((succession?.retireAt ?? 0) - (succession?.at ?? 0)).toBe(24 * hour);
  });

  test("is remembered with the birth of its credential", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.rotate(arn);
    const record = await scene.record(arn);
    expect(record.live.map(({ bornAt }) => bornAt)).toEqual([null, scene.time.now]);
    expect(record.underway).toBeNull();
    // The one before it was born nobody knows when, and may still work.
    expect(oldestBirth(record, token)).toBeNull();
  });
});

describe("each step", () => {
  test.each(steps)("%s may be taken again, and changes nothing more", async (repeated) => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    const values: (string | null | undefined)[] = [];
    for (const step of steps) {
      await scene.step(arn, token, step);
      if (step === repeated) await scene.step(arn, token, step);
      values.push(scene.secrets.secret(arn).versions.get(token)?.value);
    }
    expect(new Set(values).size).toBe(1);
    expect(scene.events.filter(({ type }) => type === "SecretRotated")).toHaveLength(1);
  });

  test("reads a pending version by id and label, and again when it is not found yet", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    await scene.step(arn, token, "createSecret");
    const version = scene.secrets.secret(arn).versions.get(token);
    if (version === undefined) throw new Error("no version was made");
    const { value } = version;
    version.value = null;
    scene.outside.pause = async (attempt) => {
      if (attempt === 2) version.value = value;
    };
    await scene.step(arn, token, "setSecret");
    version.value = null;
    scene.outside.pause = async () => {};
    await expect(scene.step(arn, token, "setSecret")).rejects.toThrow("has no value");
  });

  test("carries the RotationToken to where the value is stored, and writes it nowhere", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    const sent: unknown[] = [];
    scene.outside.secrets = { send: noting(scene.secrets.send, (command) => sent.push(command)) };
    await scene.step(arn, token, "createSecret", { RotationToken: "rotation-token-1" });
    const [put] = sent.filter((command) => command instanceof PutSecretValueCommand);
    expect(put?.input).toMatchObject({ RotationToken: "rotation-token-1", VersionStages: ["AWSPENDING"] });
    expect(JSON.stringify([scene.lines, scene.events])).not.toContain("rotation-token-1");
  });
});

describe("a test alone, because only the schedule has changed", () => {
  test("tests what is current, and succeeds without a pending value", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    await scene.step(arn, token, "testSecret");
    expect(await current(scene, arn)).toBe("old");
    expect(scene.lines.join()).not.toContain("failed");
  });

  test("that failed is told of until another succeeds, and no longer", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", { "nightshift:kind": "pepper" });
    const token = await scene.begin(arn);
    await expect(scene.step(arn, token, "testSecret")).rejects.toThrow("testSecret failed (malformed)");
    expect((await scene.record(arn)).failed).toMatchObject({ step: "testSecret" });
    scene.secrets.secret(arn).tags.set("nightshift:strategy", "random");
    await scene.step(arn, token, "testSecret");
    expect((await scene.record(arn)).failed).toBeNull();
    expect(scene.events.map(({ detail }) => [detail.rule, detail.state])).toEqual([
      ["rotation-failed", "raised"],
      ["rotation-failed", "cleared"],
    ]);
  });
});

describe("what fails", () => {
  test("is a typed finding at once, is remembered, and is cleared by the rotation that succeeds", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", { ...tags, "nightshift:length": "3" });
    const token = await scene.begin(arn);
    await expect(scene.step(arn, token, "createSecret")).rejects.toThrow("createSecret failed (malformed)");
    const finding = { operation: "rotate-secrets", rule: "rotation-failed", resource: arn, severity: "P2" };
    expect(scene.events).toMatchObject([{ type: "Finding", detail: { ...finding, state: "raised" } }]);
    expect((await scene.record(arn)).failed).toMatchObject({ step: "createSecret", reason: "malformed" });
    scene.secrets.secret(arn).tags.delete("nightshift:length");
    for (const step of steps) await scene.step(arn, token, step);
    expect(scene.events.at(-1)).toMatchObject({ type: "Finding", detail: { ...finding, state: "cleared" } });
    expect((await scene.record(arn)).failed).toBeNull();
  });

  test("because of somebody who stored a value meanwhile leaves that value", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    for (const step of steps.slice(0, 3)) await scene.step(arn, token, step);
    const described = scene.outside.secrets.send;
    const byHand = new PutSecretValueCommand({
      SecretId: arn,
      ClientRequestToken: "b".repeat(32),
      SecretString: "by hand",
    });
    let reads = 0;
    scene.outside.secrets = {
      send: noting(described, (command) => {
        // Between what the step has read and what it changes.
        if (command instanceof GetSecretValueCommand && reads++ === 0) void scene.secrets.send(byHand);
      }),
    };
    await expect(scene.step(arn, token, "finishSecret")).rejects.toThrow();
    expect(await current(scene, arn)).toBe("by hand");
  });

  test("for a reason that may pass is tried again by whoever called", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const token = await scene.begin(arn);
    scene.outside.secrets = {
      send: noting(scene.secrets.send, (command) => {
        if (command instanceof GetSecretValueCommand)
          throw Object.assign(new Error("x"), { name: "ThrottlingException" });
      }),
    };
    await expect(scene.step(arn, token, "createSecret")).rejects.toBeInstanceOf(Unavailable);
  });

  test("is every second rotation within the grace of the first: it would end a credential too early", async () => {
    const scene = await stage();
    const arn = await scene.keep("old", tags);
    const first = await scene.rotate(arn);
    const token = await scene.begin(arn);
    await expect(scene.step(arn, token, "createSecret")).rejects.toThrow("works until");
    expect((await scene.stages(arn))[first]).toEqual(["AWSCURRENT"]);
    scene.time.now += 2 * day;
    for (const step of steps) await scene.step(arn, token, step);
    expect((await scene.stages(arn))[token]).toEqual(["AWSCURRENT"]);
  });
});
