import { describe, expect, test } from "vitest";
import { planThrough } from "../../cli/commands/plan.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import { noSettings } from "../secrets/strategies/stage.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

const plan = (account: Account, ...words: string[]) =>
  inAccount(planThrough, ["rotation", "shop/database", ...words], account);

test("a kind that the configuration has not is called so, and the nearest one is named", async () => {
  const account = await createAccount();
  account.secret.tags.set("nightshift:kind", "databse-password");
  const { code, output } = await plan(account);
  expect(code).toBe(1);
  expect(output).toContain("kind      databse-password: no kind of the configuration\n");
  expect(output).toContain('did you mean "database-password"?');
});

describe("of a secret that is not ours the value is not read, and the remedy is one that helps", () => {
  const cases: [what: string, change: (account: Account) => unknown, remedy: string][] = [
    ["untagged", ({ secret }) => secret.tags.delete("nightshift:kind"), "tag it nightshift:kind with its kind"],
    ["to be deleted", ({ secret }) => Object.assign(secret, { deletedAt: 1 }), "aws secretsmanager restore-secret"],
    ["managed", ({ secret }) => Object.assign(secret, { owningService: "rds" }), "whoever manages it rotates it"],
    ["a replica", ({ secret }) => Object.assign(secret, { primaryRegion: "us-east-1" }), "plan it in us-east-1"],
  ];
  test.each(cases)("%s", async (_, change, remedy) => {
    const account = await createAccount();
    change(account);
    const { code, output } = await plan(account);
    expect(code).toBe(1);
    expect(output).toContain(remedy);
    expect(account.sent).not.toContain("GetSecretValueCommand");
  });
});

test.each(["http", "webhook", "signing-key"])(
  "that %s costs nobody a login is said with its condition",
  async (name) => {
    const account = await createAccount();
    const strategy = await strategyNamed(name, noSettings);
    if (!("name" in strategy)) throw new Error(strategy.message);
    account.scene.database.otherwise = { cost: strategy.cost };
    const { output } = await plan(account);
    expect(output).toMatch(/cost +Nobody loses a login where /);
  },
);
