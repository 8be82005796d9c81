import { expect, test } from "vitest";
import { rotateThrough } from "../../cli/commands/rotate.ts";
import { writeFreeze } from "../../shared/freezes.ts";
import { v1 } from "../secrets/heal-world.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

const token = "07".repeat(16);
const rotate = (account: Account, ...words: string[]) => inAccount(rotateThrough, ["shop/database", ...words], account);

/** What becomes of the rotation the second time that somebody looks. */
function meanwhile(account: Account, happens: () => unknown): void {
  const { pause } = account.cloud;
  let looks = 0;
  account.cloud.pause = async (ms) => {
    await pause(ms);
    looks += 1;
    if (looks === 2) await happens();
  };
}

function promote({ secret }: Account): void {
  for (const { stages } of secret.versions.values()) stages.delete("AWSCURRENT");
  secret.versions.get(token)?.stages.add("AWSCURRENT").delete("AWSPENDING");
}

test("a rotation is begun and followed until the new version is the current one", async () => {
  const account = await createAccount();
  meanwhile(account, () => promote(account));
  const { code, output, errors } = await rotate(account);
  expect({ code, output }).toEqual({
    code: 0,
    output: "shop/database is rotated, after 4 s; the previous credential works 24 h longer\n",
  });
  expect(errors).toContain("createSecret");
  expect(errors).toContain(token);
  expect(output + errors).not.toContain("canary");
});

test("one that fails tells the step, the typed reason and the remedy, and ends with 1", async () => {
  const account = await createAccount();
  const failed = {
    step: "setSecret",
    reason: "network",
    message: "the host does not answer",
    remedy: "open the security group",
  };
  meanwhile(account, () =>
    account.scene.change((record) => ({ ...record, failed: { ...failed, at: account.scene.clock.at } })),
  );
  const { code, output } = await rotate(account);
  expect(code).toBe(1);
  expect(output).toContain("setSecret failed (network): the host does not answer; open the security group");
  const again = await createAccount();
  meanwhile(again, () =>
    again.scene.change((record) => ({ ...record, failed: { ...failed, at: again.scene.clock.at } })),
  );
  expect(JSON.parse((await rotate(again, "--json")).output)).toMatchObject({
    ...{ version: 1, newVersion: token, outcome: "failed", failure: failed, tookSeconds: 4 },
  });
});

test("a failure of an earlier rotation is not taken for one of this", async () => {
  const account = await createAccount();
  const { scene } = account;
  scene.later(60_000);
  const failed = { step: "setSecret", reason: "network", message: "x", remedy: "y", at: scene.clock.at - 60_000 };
  await scene.change((record) => ({ ...record, failed }));
  meanwhile(account, () => promote(account));
  expect((await rotate(account)).code).toBe(0);
});

test("one that is taken back is told", async () => {
  const account = await createAccount();
  meanwhile(account, () => account.secret.versions.get(token)?.stages.clear());
  const { code, output } = await rotate(account);
  expect(code).toBe(1);
  expect(output).toContain("the new version was taken back");
});

test("one that AWS does not tell of yet is not one that was taken back", async () => {
  const account = await createAccount();
  const { send } = account.cloud.outside.secrets;
  let looks = 0;
  const late = async (command: { constructor: { name: string } }) => {
    const answer = await send(command as never);
    const isLook = command.constructor.name === "DescribeSecretCommand" && ++looks > 1;
    return isLook && looks < 5 ? { ...Object(answer), VersionIdsToStages: { [v1]: ["AWSCURRENT"] } } : answer;
  };
  account.cloud.outside = { ...account.cloud.outside, secrets: { send: late as typeof send } };
  const { pause } = account.cloud;
  account.cloud.pause = async (ms) => {
    await pause(ms);
    if (looks === 5) promote(account);
  };
  expect((await rotate(account)).code).toBe(0);
  expect(looks).toBe(6);
});

test("one that comes to no end ends with 3 after ten minutes", async () => {
  const account = await createAccount();
  const begun = account.scene.clock.at;
  const { code, errors } = await rotate(account);
  expect(code).toBe(3);
  expect(errors).toContain("the rotation is not done after 10 minutes");
  expect(account.scene.clock.at - begun).toBe(600_000);
});

test("what plan would refuse is refused before anything is begun", async () => {
  const account = await createAccount();
  account.secret.rotation = null;
  const { code, errors, output } = await rotate(account);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toContain(
    "shop/database cannot be rotated: no rotation function is attached; let audit-secrets attach it",
  );
  expect(account.sent).not.toContain("RotateSecretCommand");
});

test("while rotations are frozen none is begun, and it says who has frozen them, why, and what ends it", async () => {
  const account = await createAccount();
  const { ledger, clock } = account.scene;
  await writeFreeze(ledger, { operation: "rotate-secrets", by: "ada", reason: "release night", at: clock.at });
  const { code, errors } = await rotate(account);
  expect(code).toBe(2);
  expect(errors).toContain("by ada: release night; nightshift thaw rotate-secrets");
  expect(account.sent).not.toContain("RotateSecretCommand");
});
