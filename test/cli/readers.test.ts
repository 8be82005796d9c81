import { expect, test } from "vitest";
import { readersThrough } from "../../cli/commands/readers.ts";
import { day, hour, minute } from "../../shared/instant.ts";
import { type Account, createAccount, inAccount } from "./cloud.ts";

const readers = (account: Account, ...words: string[]) =>
  inAccount(readersThrough, ["shop/database", ...words], account);
const role = "arn:aws:iam::111122223333:role/checkout";

function read(
  { cloudtrail, scene }: Account,
  id: string,
  over: { ageMs?: number; name?: string; by?: string; agent?: string; event?: string } = {},
) {
  const {
    ageMs = hour,
    name = scene.arn,
    by = role,
    agent = "aws-sdk-js/3.1 ua/2.1 os/linux",
    event = "GetSecretValue",
  } = over;
  const sessionContext = { sessionIssuer: { arn: by } };
  const userIdentity = { type: "AssumedRole", arn: `${by}/session-${id}`, sessionContext };
  cloudtrail.record({
    id,
    at: scene.clock.at - ageMs,
    name: event,
    resources: [name],
    record: { userIdentity, userAgent: agent },
  });
}

test("tells who read a secret, through what, when last and how often; a role's sessions are one reader", async () => {
  const account = await createAccount();
  account.scene.later(30 * day);
  read(account, "1");
  read(account, "2", { ageMs: minute, name: "shop/database" });
  read(account, "3", { ageMs: 2 * hour, by: "arn:aws:iam::111122223333:role/batch", event: "BatchGetSecretValue" });
  read(account, "4", { event: "DescribeSecret" });
  read(account, "5", { ageMs: 8 * day });
  const { code, output } = await readers(account, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    ...{ version: 1, days: 7, isPartial: false },
    readers: [
      { principal: role, through: "aws-sdk-js/3.1", count: 2 },
      { principal: "arn:aws:iam::111122223333:role/batch", count: 1 },
    ],
  });
  const shown = (await readers(account)).output;
  expect(shown).toContain(role);
  expect(shown).toContain("CloudTrail tells of a call some minutes after it");
});

test("asks no more than twice a second, page by page, and an event of both names counts once", async () => {
  const account = await createAccount();
  account.scene.later(30 * day);
  for (let each = 0; each < 120; each++) read(account, String(each));
  read(account, "both", { name: "shop/database" });
  const { output } = await readers(account, "--json");
  expect(JSON.parse(output).readers).toMatchObject([{ count: 121 }]);
  expect(account.cloudtrail.lookups).toBe(4);
});

test("says when there is more than it looks at", async () => {
  const account = await createAccount();
  account.scene.later(30 * day);
  for (let each = 0; each < 2_100; each++) read(account, String(each));
  const { output } = await readers(account);
  expect(output).toContain("ask for fewer days");
  expect(account.cloudtrail.lookups).toBe(41);
});

test("an event that cannot be read is told as unknown, and nobody is told as nobody", async () => {
  const account = await createAccount();
  expect((await readers(account)).output).toContain("nobody has read shop/database in the last 7 days");
  account.cloudtrail.record({
    id: "1",
    at: account.scene.clock.at,
    name: "GetSecretValue",
    resources: [account.scene.arn],
    record: [],
  });
  expect(JSON.parse((await readers(account, "--json")).output).readers).toMatchObject([
    { principal: "unknown", through: "unknown" },
  ]);
});

test("days beyond what CloudTrail keeps are refused", async () => {
  const { code, errors } = await readers(await createAccount(), "--days", "91");
  expect({ code, errors }).toEqual({
    code: 2,
    errors: 'nightshift: --days "91" must be a whole number from 1 to 90\n',
  });
});
