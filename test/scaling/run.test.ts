import { describe, expect, test } from "vitest";
import { report } from "../../functions/evaluate-scaling/run.ts";
import { minute } from "../../shared/instant.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  desired,
  idle,
  kept,
  measure,
  pass,
  start,
  told,
  toldDecisions,
} from "./scene.ts";

describe("a target that is told to act", () => {
  test("is given more where its rule says so, once, and everybody is told", async () => {
    const account = await createScene();
    measure(account, busy);
    await account.tick();
    expect(desired(account)).toBe(5);
    expect(account.changes.map(({ command }) => command)).toEqual(["UpdateService"]);
    expect(toldDecisions(account)).toEqual(["out checkout 4 to 5"]);
    expect(kept(account).map(({ decision }) => decision.explanation)).toEqual(["cpu > 70 for 10 min: from 4 to 5"]);
  });

  test("and more again when the cooldown is over, up to its maximum, which is a finding", async () => {
    const account = await createScene(configurationWith({ targets: { checkout: { maximum: 6 } } }));
    measure(account, busy);
    await account.tick();
    await pass(account, 4, busy);
    expect(desired(account)).toBe(5);
    await pass(account, 1, busy);
    expect(desired(account)).toBe(6);
    expect(told(account)).toEqual([]);
    await pass(account, 5, busy);
    expect(told(account)).toEqual(["raised at-maximum checkout"]);
    expect(desired(account)).toBe(6);
    await pass(account, 20, calm);
    expect(told(account)).toEqual(["raised at-maximum checkout", "cleared at-maximum checkout"]);
  });

  test("and less where all of it is idle, step by step, down to its minimum", async () => {
    const account = await createScene();
    measure(account, idle);
    await pass(account, 40, idle);
    expect(desired(account)).toBe(2);
    expect(account.changes.map(({ at }) => (at - start) / minute)).toEqual([1, 16]);
    expect(toldDecisions(account)).toEqual([
      "in checkout 4 to 3",
      "hold checkout: cooldown",
      "in checkout 3 to 2",
      "hold checkout: cooldown",
      "hold checkout: minimum",
    ]);
  });
});

describe("a target that is told to recommend", () => {
  test("is changed by nobody, and what would be done is told and kept", async () => {
    const account = await createScene(configurationWith({}, "recommend"));
    measure(account, busy);
    await account.tick();
    await pass(account, 30, busy);
    expect(account.changes).toEqual([]);
    expect(toldDecisions(account).slice(0, 3)).toEqual([
      "out checkout 4 to 5",
      "hold checkout: cooldown",
      "out checkout 4 to 5",
    ]);
    expect(told(account)).toEqual([]);
  });

  test("so that a dry run neither", async () => {
    const account = await createScene(configurationWith());
    measure(account, busy);
    const { observers, ledger } = account.reading();
    const table = (name: string) => ({ client: ledger, table: name });
    const options = { observers, configuration: account.configuration, at: account.clock.at, only: null };
    const known = { ledger: table("ledger"), decisions: table("decisions") };
    const { targets } = await report({ ...options, ...known, ask: "all" });
    expect(targets.map(({ record }) => record.decision.verdict)).toEqual(["out"]);
    expect(account.changes).toEqual([]);
    expect(account.events.events).toEqual([]);
  });
});
