import { expect, test } from "vitest";
import { rollbackThrough } from "../../cli/commands/rollback.ts";
import { hour } from "../../shared/instant.ts";
import { commandName } from "../../simulation/commands.ts";
import { v1, v2, values } from "../secrets/heal-world.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

/** The machine is switched off at that call, from 1: nothing that it would do afterwards is done. */
function switchOff({ cloud }: Account, at: number, executed: boolean): { calls: number } {
  const counted = { calls: 0 };
  const around = <Client extends { send: unknown }>(client: Client): Client => ({
    ...client,
    send: async (command: unknown) => {
      counted.calls += 1;
      if (counted.calls > at || (counted.calls === at && !executed)) throw new Error("switched off");
      const answer = await (client.send as (command: unknown) => Promise<unknown>)(command);
      if (counted.calls === at) throw new Error("switched off");
      return answer;
    },
  });
  cloud.outside = { ...cloud.outside, secrets: around(cloud.outside.secrets) };
  if (cloud.ledger !== null) cloud.ledger = { ...cloud.ledger, client: around(cloud.ledger.client) };
  return counted;
}

async function promotedAccount(keepsPending = false): Promise<Account> {
  const account = await createAccount({ isPromoted: true, keepsPending });
  await account.scene.sweep();
  account.scene.later(hour);
  return account;
}

test.each([
  ["is taken away", false],
  ["stays", true],
])(
  "where AWSPENDING %s, whoever rolls back may die before or after any call: what everybody gets goes on working, and the other one ends",
  async (_, keepsPending) => {
    const whole = await promotedAccount(keepsPending);
    const { calls } = await (async () => {
      const counted = switchOff(whole, Number.POSITIVE_INFINITY, true);
      await inAccount(rollbackThrough, ["shop/database"], whole);
      return counted;
    })();
    expect(calls).toBeGreaterThan(8);
    for (let call = 1; call <= calls; call++) {
      for (const executed of [false, true]) {
        const account = await promotedAccount(keepsPending);
        const { scene } = account;
        switchOff(account, call, executed);
        const { code } = await inAccount(rollbackThrough, ["shop/database"], account);
        expect(code).toBe(3);
        for (let each = 0; each < 40; each++) {
          await scene.sweep();
          const current = scene.stages(v1).includes("AWSCURRENT") ? v1 : v2;
          expect(scene.database.passwords, `call ${call}, ${executed ? "after" : "before"}`).toContain(values[current]);
          scene.later(hour);
        }
        const current = scene.stages(v1).includes("AWSCURRENT") ? v1 : v2;
        expect([...scene.database.passwords], `call ${call}, ${executed ? "after" : "before"}`).toEqual([
          values[current],
        ]);
      }
    }
  },
);

test("a sweep that comes between the announcement and the change does not forget what is to be retired", async () => {
  const account = await promotedAccount();
  const { scene, cloud } = account;
  const send = cloud.outside.secrets.send as (command: unknown) => Promise<unknown>;
  const sweeping = async (command: unknown) => {
    if (commandName(command) === "UpdateSecretVersionStageCommand") await scene.sweep();
    return await send(command);
  };
  cloud.outside = { ...cloud.outside, secrets: { send: sweeping as typeof cloud.outside.secrets.send } };
  expect((await inAccount(rollbackThrough, ["shop/database"], account)).code).toBe(0);
  for (let each = 0; each < 26; each++) {
    scene.later(hour);
    await scene.sweep();
  }
  expect([...scene.database.passwords]).toEqual([values[v1]]);
});
