import { NotFoundException } from "@aws-sdk/client-kms";
import { describe, expect, test } from "vitest";
import { planThrough } from "../../cli/commands/plan.ts";
import { writeFreeze } from "../../shared/freezes.ts";
import { failure } from "../../shared/secrets/failure.ts";
import { promoted } from "../../shared/secrets/record.ts";
import type { Check } from "../../shared/secrets/strategy.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { v1, v2 } from "../secrets/heal-world.ts";
import { type Account, createAccount, functionArn, inAccount, rotateFunction } from "./cloud.ts";
import { nightshift } from "./terminal.ts";

const noKey = new NotFoundException({ message: "there is none", $metadata: {} });
const plan = (account: Account, ...words: string[]) =>
  inAccount(planThrough, ["rotation", "shop/database", ...words], account);

async function checksOf(account: Account) {
  const { code, output } = await plan(account, "--json");
  const found: { wouldFail: boolean; checks: Check[] } = JSON.parse(output);
  expect(found.wouldFail).toBe(code === 1);
  return {
    code,
    failing: found.checks.flatMap(({ what, failure: problem }) => (problem === null ? [] : [{ what, problem }])),
    checks: found.checks,
  };
}

test("a plan tells kind, strategy, each step and what was looked at, and nothing of the value", async () => {
  const account = await createAccount();
  const { code, output, errors } = await plan(account);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  for (const part of [
    "database-password: every 90 days",
    "remembered: a password that a test remembers",
    "nobody loses a login",
    "createSecret",
    "retire",
    "from this machine",
  ]) {
    expect(output).toContain(part);
  }
  expect(output).not.toContain("canary");
});

test("a plan writes nothing: it only asks, and leaves every row as it was", async () => {
  const account = await createAccount();
  const rows = () => JSON.stringify([...account.scene.dynamodb.items(ledgerTable)]);
  const before = rows();
  await plan(account);
  await plan(account, "--json");
  expect([...new Set(account.sent)].toSorted()).toEqual([
    "DescribeSecretCommand",
    "GetFunctionConfigurationCommand",
    "GetItemCommand",
    "GetSecretValueCommand",
    "ListSecretVersionIdsCommand",
  ]);
  expect(rows()).toBe(before);
});

test("--json is one document with a version", async () => {
  const { output } = await plan(await createAccount(), "--json");
  expect(JSON.parse(output)).toMatchObject({
    ...{ version: 1, secret: { name: "shop/database" }, kind: "database-password", intervalDays: 90, graceHours: 24 },
    ...{ strategy: { name: "remembered", cost: null }, steps: { retire: "e" }, wouldFail: false },
  });
  expect(output).not.toContain("canary");
});

describe("what would stop a rotation is told with its remedy, and ends with 1", () => {
  const cases: [what: string, reason: string, change: (account: Account) => unknown][] = [
    ["ownership", "policy", ({ secret }) => Object.assign(secret, { owningService: "rds" })],
    ["ownership", "policy", ({ secret }) => Object.assign(secret, { primaryRegion: "us-east-1" })],
    ["kind", "malformed", ({ secret }) => secret.tags.set("nightshift:kind", "pasword")],
    ["function", "policy", ({ secret }) => Object.assign(secret, { rotation: null })],
    ["function", "policy", ({ secret }) => Object.assign(secret.rotation ?? {}, { enabled: false })],
    [
      "function",
      "policy",
      ({ secret }) => Object.assign(secret.rotation ?? {}, { functionArn: `${functionArn}-gone` }),
    ],
    [
      "labels",
      "policy",
      ({ secret }) => secret.versions.set(v2, { value: null, stages: new Set(["AWSPENDING"]), createdAt: 0 }),
    ],
    [
      "grace",
      "policy",
      ({ scene }) =>
        scene.change((record) => promoted(record, { version: v2, from: v1, retireAt: scene.clock.at + 1 })),
    ],
    [
      "freeze",
      "policy",
      ({ scene }) =>
        writeFreeze(scene.ledger, { operation: "rotate-secrets", by: "ada", reason: "release night", at: 0 }),
    ],
    [
      "key",
      "kms",
      ({ secret, keys }) => keys.set(Object.assign(secret, { keyId: "alias/own" }).keyId, "PendingDeletion"),
    ],
    ["key", "kms", ({ secret, keys }) => keys.set(Object.assign(secret, { keyId: "alias/own" }).keyId, noKey)],
    ["value", "malformed", ({ secret }) => secret.versions.clear()],
    [
      "login",
      "authentication",
      ({ scene }) =>
        Object.assign(scene.database, {
          otherwise: {
            preflight: async () => [
              {
                what: "login",
                seen: "refused",
                failure: failure("authentication", "it is refused", "store the right one"),
              },
            ],
          },
        }),
    ],
    [
      "strategy",
      "malformed",
      ({ scene }) =>
        Object.assign(scene.database, { otherwise: { steps: () => failure("malformed", "no field host", "add it") } }),
    ],
  ];
  test.each(cases)("%s: %s", async (what, reason, change) => {
    const account = await createAccount();
    await change(account);
    const { code, failing } = await checksOf(account);
    expect(code).toBe(1);
    expect(failing).toMatchObject([{ what, problem: { failed: reason } }]);
    const { output } = await plan(account);
    expect(output).toContain("FAIL");
    expect(output).toContain(failing[0]?.problem.remedy);
  });

  test("a function outside of any VPC does not reach a host that has a private address", async () => {
    const account = await createAccount();
    const current = account.secret.versions.get(v1);
    if (current !== undefined) current.value = JSON.stringify({ host: "db.internal", password: "canary-one" });
    account.cloud.addresses = async () => ["10.0.3.7"];
    expect((await checksOf(account)).failing).toMatchObject([{ what: "function", problem: { failed: "network" } }]);
    account.cloud.addresses = async () => ["52.1.2.3"];
    expect((await checksOf(account)).failing).toEqual([]);
    account.cloud.addresses = async () => ["10.0.3.7"];
    account.lambda.put(rotateFunction({ arn: `${functionArn}2`, vpcId: "vpc-1" }));
    if (account.secret.rotation !== null) account.secret.rotation.functionArn = `${functionArn}2`;
    expect((await checksOf(account)).failing).toEqual([]);
  });
});

describe("the function that is attached must be ours", () => {
  const ours = rotateFunction({ arn: functionArn, vpcId: null });
  const its = (variables: Readonly<Record<string, string>>) => ({ variables: { ...ours.variables, ...variables } });
  test.each([
    ["AWS's own, without our variables", { variables: undefined }, "is not Nightshift's", "RotateFunction"],
    [
      "another function of ours",
      { description: "Nightshift production: heal-rotations" },
      "is not Nightshift's rotate-secrets",
      "RotateFunction",
    ],
    [
      "that of another environment",
      its({ NIGHTSHIFT_ENVIRONMENT: "staging" }),
      "one of staging",
      "--environment staging",
    ],
    ["that of another ledger", its({ NIGHTSHIFT_LEDGER_TABLE: "other" }), "its records in other", "--ledger other"],
  ])("%s", async (_, change, says, remedy) => {
    const account = await createAccount();
    const attached = `${functionArn}-other`;
    account.lambda.put({ ...ours, ...change, arn: attached, name: "other" });
    if (account.secret.rotation !== null) account.secret.rotation.functionArn = attached;
    const { failing } = await checksOf(account);
    expect(failing).toMatchObject([{ what: "function", problem: { failed: "policy" } }]);
    expect(failing[0]?.problem.message).toContain(says);
    expect(failing[0]?.problem.remedy).toContain(remedy);
    const { cloud } = account;
    const withoutLedger = await checksOf({ ...account, cloud: { ...cloud, ledger: null } });
    expect(withoutLedger.failing).toHaveLength(remedy === "--ledger other" ? 0 : 1);
  });
});

test("what may not be looked at is said, and is no failure", async () => {
  const account = await createAccount();
  account.secret.keyId = "alias/own";
  account.keys.set(
    "alias/own",
    Object.assign(new Error("not for you"), { name: "AccessDeniedException", $fault: "client" }),
  );
  const { code, checks } = await checksOf({ ...account, cloud: { ...account.cloud, ledger: null } });
  expect(code).toBe(0);
  expect(checks.filter(({ seen }) => seen.startsWith("not looked at")).map(({ what }) => what)).toEqual([
    "grace",
    "freeze",
    "key",
  ]);
  const { output } = await plan({ ...account, cloud: { ...account.cloud, ledger: null } });
  expect(output.split("\n").filter((line) => line.includes("not looked at"))).toHaveLength(3);
  expect(output).not.toMatch(/ok {4}.*not looked at/);
});

test("an account that does not let us in ends with 3 and one line", async () => {
  const account = await createAccount();
  const denied = Object.assign(new Error("not for you"), { name: "AccessDeniedException", $metadata: {} });
  const secrets = { send: async () => Promise.reject(denied) };
  account.cloud.outside = { ...account.cloud.outside, secrets };
  const { code, errors } = await plan(account);
  expect({ code, errors }).toEqual({
    code: 3,
    errors: "nightshift: AWS refused: AccessDeniedException: not for you\n",
  });
});

test("a secret that is not there, and a plan of anything else, end with 2 and one line", async () => {
  const account = await createAccount();
  expect(await inAccount(planThrough, ["rotation", "shop/databse"], account)).toEqual({
    code: 2,
    output: "",
    errors: 'nightshift: there is no secret "shop/databse" in account 111122223333, region eu-west-1\n',
  });
  const other = await nightshift(["plan", "rotaton", "shop/database"]);
  expect(other).toEqual({
    code: 2,
    output: "",
    errors: 'nightshift: there is no plan of "rotaton"; did you mean "rotation"?\n',
  });
});
