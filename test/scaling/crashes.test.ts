import { describe, expect, test } from "vitest";
import { coldStart } from "../../functions/evaluate-scaling/run.ts";
import type { Configuration } from "../../shared/configuration/schema.ts";
import { busy, configurationWith, createScene, desired, idle, kept, measure, pass, remembered, told } from "./scene.ts";

interface Death {
  call: number;
  after: boolean;
}

interface Life {
  calls: string[];
  /** Each that there was, in order. */
  capacities: number[];
  findings: string[];
  /** Changes that are kept as decided. */
  decided: string[];
  pending: unknown;
}

/** A minute in which the process dies at one of its calls, and some in which new ones go on. */
async function lived(values: typeof busy, death: Death | null, configuration: Configuration): Promise<Life> {
  const account = await createScene(configuration);
  measure(account, values);
  const capacities = [desired(account)];
  const calls: string[] = [];
  let isDead = false;
  account.around = async (name, execute) => {
    if (isDead) throw new Error("the process is gone");
    isDead = death?.call === calls.length;
    calls.push(name);
    const answer = isDead && death?.after !== true ? undefined : await execute();
    if (desired(account) !== capacities.at(-1)) capacities.push(desired(account));
    if (isDead) throw new Error("the process is gone");
    return answer;
  };
  const died = await account.tick({ warm: coldStart() }).then(
    () => false,
    () => true,
  );
  if (died !== (death !== null)) throw new Error(death === null ? "it failed by itself" : "nobody died");
  account.around = async (_, execute) => {
    const answer = await execute();
    if (desired(account) !== capacities.at(-1)) capacities.push(desired(account));
    return answer;
  };
  // Less than a cooldown: what changes now is what should have changed before.
  await pass(account, 4, values);
  const decided = kept(account).flatMap(({ decision: { verdict } }) =>
    ["out", "in"].includes(verdict) ? [verdict] : [],
  );
  return { calls, capacities, findings: told(account), decided, pending: remembered(account)?.pending };
}

const low = configurationWith({ targets: { checkout: { maximum: 4 } } });

describe.each([
  ["scale-out", busy, configurationWith(), [4, 5], []],
  ["scale-in", idle, configurationWith(), [4, 3], []],
  ["finding", busy, low, [4], ["raised at-maximum checkout"]],
] as const)("whoever dies at one of its calls on the way to a %s", (_, values, configuration, capacities, findings) => {
  test("leaves nothing behind that the next minute does not put right: the capacity changes once", async () => {
    const { calls, ...undisturbed } = await lived(values, null, configuration);
    expect(undisturbed).toMatchObject({ capacities, findings, pending: null });
    expect(calls.length).toBeGreaterThan(5);
    for (let call = 0; call < calls.length; call++) {
      for (const after of [false, true]) {
        const life = await lived(values, { call, after }, configuration);
        const where = `${after ? "after" : "before"} ${calls[call]} (${call})`;
        expect({ where, ...life }).toMatchObject({ where, capacities, pending: null });
        // A change that was decided and not done is decided once more.
        expect(life.decided.length).toBeLessThanOrEqual(undisturbed.decided.length + 1);
        expect(new Set(life.findings)).toEqual(new Set(findings));
      }
    }
  });
});
