import { UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { planThrough } from "../../cli/commands/plan.ts";
import { rollbackThrough } from "../../cli/commands/rollback.ts";
import { rotateThrough } from "../../cli/commands/rotate.ts";
import { hour, minute } from "../../shared/instant.ts";
import { v1, v2, values } from "../secrets/heal-world.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

// After a rotation AWSPENDING may be gone, or stay on the version that was promoted. A rollback must hold either way.

const newest = "07".repeat(16);
const run = (account: Account, make: Parameters<typeof inAccount>[0], ...words: string[]) =>
  inAccount(make, [...words, "shop/database"], account);
const labels = ({ scene }: Account) => ({ v1: scene.stages(v1), v2: scene.stages(v2) });
const rolledBack = { v1: ["AWSCURRENT"], v2: ["AWSPREVIOUS"] };

async function sweeps({ scene }: Account, hours: number): Promise<void> {
  for (let each = 0; each < hours; each++) {
    scene.later(hour);
    await scene.sweep();
  }
}

/** The function comes to its end with what the command has begun. */
function rotates(account: Account): void {
  const { pause } = account.cloud;
  account.cloud.pause = async (ms) => {
    await pause(ms);
    const version = account.secret.versions.get(newest);
    if (version === undefined || version.stages.has("AWSCURRENT")) return;
    version.value = "canary-three";
    account.scene.database.passwords.add("canary-three");
    const move = { SecretId: account.scene.arn, VersionStage: "AWSCURRENT", MoveToVersionId: newest };
    await account.scene.secrets.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: v1 }));
  };
}

const worlds = [
  ["is taken away", false],
  ["stays", true],
] as const;

async function promoted(keepsPending: boolean, mode: "act" | "recommend" = "act"): Promise<Account> {
  const account = await createAccount({ isPromoted: true, keepsPending, mode });
  await account.scene.sweep();
  account.scene.later(hour);
  return account;
}

describe.each(worlds)("where AWSPENDING %s at a promotion", (_, keepsPending) => {
  test("a rollback holds: nobody promotes again what was left, and the next rotation begins", async () => {
    const account = await promoted(keepsPending);
    expect(account.scene.stages(v2).includes("AWSPENDING")).toBe(keepsPending);
    expect((await run(account, rollbackThrough)).code).toBe(0);
    expect(labels(account)).toEqual(rolledBack);
    await sweeps(account, 30);
    expect(labels(account)).toEqual(rolledBack);
    expect([...account.scene.database.passwords]).toEqual([values[v1]]);
    expect(account.scene.findings()).toEqual([]);
    rotates(account);
    const { code, errors } = await run(account, rotateThrough);
    expect({ code, begun: errors.includes(newest) }).toEqual({ code: 0, begun: true });
    expect(account.scene.stages(v1)).toEqual(["AWSPREVIOUS"]);
  });

  test("a rollback can be rolled back, and that one again", async () => {
    const account = await promoted(keepsPending);
    for (const current of [v1, v2, v1]) {
      expect((await run(account, rollbackThrough)).errors).toBe("");
      expect(account.scene.stages(current)).toContain("AWSCURRENT");
      account.scene.later(minute);
      await account.scene.sweep();
    }
    expect(labels(account)).toEqual(rolledBack);
  });
});

describe.each(worlds)("where AWSPENDING %s, a rollback by hand", (_, keepsPending) => {
  test("holds as well: only the label that blocks is taken away, and no credential is touched", async () => {
    const account = await promoted(keepsPending);
    const { logins } = account.scene.database;
    await account.scene.rollBack();
    await sweeps(account, 5);
    expect(labels(account)).toEqual(rolledBack);
    expect(account.scene.database.logins).toBe(logins);
    expect([...account.scene.database.passwords]).toEqual(Object.values(values));
    expect(account.scene.findings()).toEqual([]);
    expect((await run(account, rollbackThrough)).code).toBe(0);
    expect(account.scene.stages(v2)).toContain("AWSCURRENT");
  });

  test("holds by our own record too, when two further values have taken the other label from it", async () => {
    const account = await promoted(keepsPending);
    await account.scene.rollBack();
    account.secret.versions.get(v2)?.stages.delete("AWSPREVIOUS");
    await sweeps(account, 5);
    expect(labels(account)).toEqual({ v1: ["AWSCURRENT"], v2: [] });
  });

  test("is said with the mode recommend, and plan says what takes the label away", async () => {
    const account = await promoted(keepsPending, "recommend");
    await account.scene.rollBack();
    await sweeps(account, 5);
    expect(account.scene.stages(v2).includes("AWSPENDING")).toBe(keepsPending);
    const rules = account.scene.findings().map(({ rule, severity }) => `${rule} ${severity}`);
    expect(rules).toEqual(keepsPending ? ["rotation-stuck P2"] : []);
    const { output } = await run(account, planThrough, "rotation");
    expect(output.includes(`--version-stage AWSPENDING --remove-from-version-id ${v2}`)).toBe(keepsPending);
  });
});
