import { describe, expect, test } from "vitest";
import { day, hour } from "../../shared/instant.ts";
import { home } from "../../simulation/backed-account.ts";
import {
  abroad,
  configurationWith,
  createAccount,
  createShop,
  database,
  lastReport,
  start,
  table,
  told,
  volume,
} from "./account.ts";

describe("copies", () => {
  const wanted = configurationWith({ copies: [{ region: abroad, objectiveMinutes: 1_500 }] });
  const about = (all: readonly string[], name: string) => all.filter((each) => each.endsWith(name));

  test("are asked where they must be, and are as old as what was copied", async () => {
    const account = await createShop(wanted);
    const { backup } = account.in(home.region);
    account.in(abroad).backup.putVault("far");
    const source = backup.putPoint("main", volume("vol-1"), {
      createdAt: start - 2 * day,
      arn: "arn:aws:ec2:eu-west-1::snapshot/snap-old",
    });
    backup.copy(source, { region: abroad, vault: "far" });
    await account.run();
    const [row] = lastReport(account).resources.filter(({ arn }) => arn === volume("vol-1"));
    expect(row?.copies).toEqual([{ region: abroad, vault: "far", restorableAt: "2027-03-13T14:05:00.000Z" }]);
    expect(about(told(account), "vol-1")).toEqual(["raised objective-unattainable vol-1", "raised copy-stale vol-1"]);
    expect(about(told(account), "orders")).toEqual(["raised copy-missing orders"]);
  });

  test("of a continuous backup are of the time at which they were begun", async () => {
    const account = await createShop(wanted);
    const { backup } = account.in(home.region);
    account.in(abroad).backup.putVault("far");
    const source = backup.putPoint("main", database("orders"), {
      isContinuous: true,
      status: "AVAILABLE",
      createdAt: start - 30 * day,
    });
    backup.copy(source, { region: abroad, vault: "far" });
    await account.run();
    const [row] = lastReport(account).resources.filter(({ arn }) => arn === database("orders"));
    expect(row?.copies).toEqual([{ region: abroad, vault: "far", restorableAt: "2027-03-15T14:05:00.000Z" }]);
    expect(about(told(account), "orders")).toEqual([]);
  });

  test("of copies are as old as the first", async () => {
    const account = await createAccount();
    const { backup, ec2 } = account.in(home.region);
    for (const name of ["a-third", "main", "second"]) backup.putVault(name);
    ec2.putVolume("vol-1");
    const source = backup.putPoint("main", volume("vol-1"), { createdAt: start - 3 * hour });
    const first = backup.copy(source, { region: home.region, vault: "second" }).point();
    if (first !== null) backup.copy(first, { region: home.region, vault: "a-third" });
    await account.run();
    const [row] = lastReport(account).resources.filter(({ arn }) => arn === volume("vol-1"));
    expect(row).toMatchObject({ restorableAt: "2027-03-15T11:05:00.000Z", ageSeconds: 3 * 3_600 });
    expect(row?.copies.map(({ restorableAt }) => restorableAt)).toEqual(Array(2).fill("2027-03-15T11:05:00.000Z"));
  });
});

test("a key that is to be deleted takes what is encrypted with it", async () => {
  const account = await createShop();
  const { backup, kms } = account.in(home.region);
  const { arn } = kms.put("1234abcd-12ab-34cd-56ef-1234567890ab", { state: "PendingDeletion" });
  backup.putPoint("main", table("carts"), { keyArn: arn });
  await account.run();
  expect(told(account)).toContain("raised key-unusable carts");
});

test("jobs that failed, or completed with issues, are told with their message; those that go on are not", async () => {
  const account = await createShop();
  const { backup } = account.in(home.region);
  account.in(abroad).backup.putVault("far");
  const job = (name: string, change: object) => backup.putJob({ vault: "main", resourceArn: database(name) }, change);
  job("orders", { state: "FAILED", statusMessage: "the role may not" });
  job("standing", { messageCategory: "FAILED_OBJECTS", statusMessage: "some objects are not in it" });
  job("forgotten", { state: "RUNNING" });
  job("forgotten", { state: "ABORTED", createdAt: start - 2 * day });
  const source = backup.putPoint("main", volume("vol-1"));
  backup.copy(source, { region: abroad, vault: "gone" });
  await account.run();
  const messages = lastReport(account).findings.filter(({ rule }) => rule.startsWith("job-"));
  expect(messages.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    "job-failed: its copy job of 2027-03-15T14:05:00.000Z ended as FAILED: Backup vault gone not found",
    "job-failed: its backup job of 2027-03-15T14:05:00.000Z ended as FAILED: the role may not",
    "job-with-issues: its backup job of 2027-03-15T14:05:00.000Z ended as COMPLETED: some objects are not in it",
  ]);
});

test("what is of a type that nobody judges here is told, and the rest judged", async () => {
  const account = await createShop();
  const { backup } = account.in(home.region);
  const odd = ["arn:aws:redshift:eu-west-1:111122223333:namespace:1", "no-arn-at-all"];
  for (const arn of odd) backup.putPoint("main", arn, { resourceType: "Redshift" });
  await account.run();
  const { findings, resources, inventory } = lastReport(account);
  expect(resources).toHaveLength(9);
  expect(inventory.find(({ source }) => source === "other-types")?.reason).toBe(
    `2 resources with backups are of no type that is judged here: ${odd.join(", ")}`,
  );
  expect(findings.map(({ resource }) => resource)).toContain("inventory/other-types/eu-west-1");
});
