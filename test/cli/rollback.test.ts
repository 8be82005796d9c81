import { describe, expect, test } from "vitest";
import { rollbackThrough } from "../../cli/commands/rollback.ts";
import { day, hour, iso, minute } from "../../shared/instant.ts";
import type { Succession } from "../../shared/secrets/record.ts";
import { readSuccession, writeSuccession } from "../../shared/secrets/records.ts";
import { v1, v2, values } from "../secrets/heal-world.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

const rollback = (account: Account) => inAccount(rollbackThrough, ["shop/database"], account);
const labels = ({ scene }: Account) => ({ v1: scene.stages(v1), v2: scene.stages(v2) });
const forward = { v1: ["AWSPREVIOUS"], v2: ["AWSCURRENT"] };

test("the previous value is the current one again, and what was current is retired after its grace: never the other", async () => {
  const account = await createAccount({ isPromoted: true });
  const { scene } = account;
  await scene.sweep();
  scene.later(hour);
  const { code, output } = await rollback(account);
  expect(code).toBe(0);
  expect(output).toBe(
    `shop/database: version ${v1} is the current one again; version ${v2} works 24 h longer, and then is made to fail\n`,
  );
  expect(labels(account)).toEqual({ v1: ["AWSCURRENT"], v2: ["AWSPREVIOUS"] });
  expect((await scene.record()).retiringUntil).toBeNull();
  scene.later(23 * hour);
  await scene.sweep();
  expect([...scene.database.passwords]).toEqual(Object.values(values));
  scene.later(hour);
  await scene.sweep();
  expect([...scene.database.passwords]).toEqual([values[v1]]);
  expect(await readSuccession(scene.ledger, scene.arn, v1)).toMatchObject({
    from: v2,
    to: v1,
    told: true,
    retired: true,
  });
  expect(await scene.succession()).toMatchObject({ ended: "it was rolled back", retired: false });
});

test("over a succession that was never retired it warns, and what was told of that one is taken back in the end", async () => {
  const account = await createAccount({ isPromoted: true });
  const { scene } = account;
  const stubborn: Succession = {
    ...{ arn: scene.arn, name: "shop/database", kind: "database-password", strategy: "remembered" },
    ...{ from: "v0", to: v1, at: 0, retireAt: 0, told: true, refreshed: true, retired: false },
    raised: ["retire-failed"],
  };
  await writeSuccession(scene.ledger, stubborn, scene.clock.at + 30 * day);
  const { code, errors } = await rollback(account);
  expect(code).toBe(0);
  expect(errors).toContain("warning: shop/database: version v0 was never made to fail");
  for (const pause of [hour, day, hour]) {
    scene.later(pause);
    await scene.sweep();
  }
  expect(scene.findings().map(({ rule, state }) => [rule, state])).toEqual([["retire-failed", "cleared"]]);
  expect(await readSuccession(scene.ledger, scene.arn, v1)).toMatchObject({ from: v2, retired: true });
});

describe("nothing is changed, and the reason told in one line", () => {
  test("when the previous credential is dead: it says since when", async () => {
    const account = await createAccount({ isPromoted: true });
    account.scene.later(day);
    await account.scene.sweep();
    const since = iso(account.scene.clock.at);
    const { code, errors } = await rollback(account);
    expect(code).toBe(2);
    expect(errors).toContain(`the previous credential is dead since ${since}`);
    expect(labels(account)).toEqual(forward);
  });

  test.each([
    [
      2,
      "when it is refused",
      "the previous credential does not work",
      ({ scene }: Account) => scene.database.passwords.delete(values[v1]),
    ],
    [
      3,
      "when nobody answers from here",
      "from this machine nobody can prove that the previous credential works (network)",
      ({ scene }: Account) => Object.assign(scene.database, { silence: "network" }),
    ],
    [
      2,
      "while heal-rotations is at it",
      "somebody rotates, retires or repairs this secret",
      ({ scene }: Account) => scene.change((record) => ({ ...record, retiringUntil: scene.clock.at + minute })),
    ],
    [
      2,
      "while it is being rotated",
      "is being rotated",
      ({ secret }: Account) =>
        secret.versions.set("v3", { value: null, stages: new Set(["AWSPENDING"]), createdAt: 0 }),
    ],
    [
      2,
      "when there is no previous version",
      "has no previous version",
      ({ secret }: Account) => secret.versions.get(v1)?.stages.clear(),
    ],
    [
      2,
      "when it is managed by AWS",
      "it is managed by rds",
      ({ secret }: Account) => Object.assign(secret, { owningService: "rds" }),
    ],
    [
      2,
      "when no ledger is named",
      "no ledger is named: --ledger TABLE",
      ({ cloud }: Account) => Object.assign(cloud, { ledger: null }),
    ],
  ] as const)("(%s) %s", async (code, _, text, change) => {
    const account = await createAccount({ isPromoted: true });
    await change(account);
    const before = labels(account);
    const ended = await rollback(account);
    expect({ code: ended.code, output: ended.output }).toEqual({ code, output: "" });
    expect(ended.errors).toContain(text);
    expect(ended.errors.trimEnd().split("\n")).toHaveLength(1);
    expect(labels(account)).toEqual(before);
    expect(account.sent).not.toContain("UpdateSecretVersionStageCommand");
    expect(ended.errors).not.toContain("canary");
  });

  test("when somebody has stored another value between the look and the change", async () => {
    const account = await createAccount({ isPromoted: true });
    const strategy = account.scene.database.strategy((act) => act());
    account.cloud.strategyNamed = async () => ({
      ...strategy,
      login: async () => {
        account.secret.versions.get(v2)?.stages.delete("AWSCURRENT");
        account.secret.versions.set("v3", { value: "by hand", stages: new Set(["AWSCURRENT"]), createdAt: 0 });
        return null;
      },
    });
    const { code, errors } = await rollback(account);
    expect(code).toBe(2);
    expect(errors).toContain("somebody else has changed it meanwhile");
    expect(account.scene.stages("v3")).toEqual(["AWSCURRENT"]);
  });
});
