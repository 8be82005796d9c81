import { InvalidRequestException, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { actionFor, admitted, hostOf, jitterMs } from "../../functions/audit-secrets/plan.ts";
import { readFreeze, removeFreeze, writeFreeze } from "../../shared/freezes.ts";
import { day, hour, minute } from "../../shared/instant.ts";
import { type AuditedAccount, createAuditedAccount, rotateFunction } from "../../simulation/audited-account.ts";
import type { Secret } from "../../simulation/aws/secrets-manager-secret.ts";
import { ledgerTable } from "../../simulation/table.ts";
import { createSecret } from "./audit-account.ts";
import { arn, configurationWith, now, observedWith, policyWith, recordWith, rotator } from "./audit-stage.ts";

const acting = configurationWith({ auditSecrets: { mode: "act" } });
const account = (configuration = acting) => createAuditedAccount({ configuration, start: now, quotas: true });
const off = (secret: Secret) => {
  secret.rotation = null;
};

interface Sent {
  at: number;
  input: RotateSecretCommand["input"];
}

/** An audit whose rotations are noted as they are sent. */
async function auditing(audited: AuditedAccount): Promise<Sent[]> {
  const sent: Sent[] = [];
  const { secrets } = audited.dependencies();
  const through = secrets.send as (command: unknown) => Promise<unknown>;
  const send = (command: unknown) => {
    if (command instanceof RotateSecretCommand) sent.push({ at: audited.clock.at, input: command.input });
    return through(command);
  };
  await audited.audit({ secrets: { send: send as typeof secrets.send } });
  return sent;
}

describe("attaching", () => {
  test("only to what is tagged, with an interval that leaves room, and without rotating now", async () => {
    const audited = await account();
    await createSecret(audited, "tagged", off);
    await createSecret(audited, "untagged", off, {});
    await createSecret(audited, "owned", (secret) => Object.assign(secret, { rotation: null, owningService: "rds" }));
    await createSecret(audited, "certificate", off, { "nightshift:kind": "certificate" });
    await createSecret(audited, "misspelt", off, { "nightshift:kind": "api-key", "nightshift:strategy": "htp" });
    const sent = await auditing(audited);
    expect(sent.map(({ input }) => input)).toEqual([
      {
        SecretId: audited.secretsManager.secret("tagged").arn,
        RotationLambdaARN: rotateFunction,
        RotationRules: { AutomaticallyAfterDays: 88 },
        RotateImmediately: false,
      },
    ]);
  });

  test("in recommend mode it is only said", async () => {
    const audited = await account(configurationWith({}));
    await createSecret(audited, "tagged", off);
    expect(await auditing(audited)).toEqual([]);
    expect(audited.log[0]).toMatchObject({ message: "would act", fields: { attaching: 1, starting: 0 } });
  });

  test("no faster than a part of what AWS allows, and nothing is throttled", async () => {
    const audited = await account();
    for (let index = 0; index < 200; index++) await createSecret(audited, `tagged/${index}`, off);
    const sent = await auditing(audited);
    expect(sent).toHaveLength(200);
    for (const { at } of sent) {
      expect(sent.filter((each) => each.at >= at && each.at < at + 1_000).length).toBeLessThanOrEqual(40);
    }
    expect(audited.log.at(-1)?.message).toBe("audit complete");
  });
});

describe("starting", () => {
  const policy = policyWith();
  const plan = (observed: Parameters<typeof actionFor>[0]) => actionFor(observed, now, policy, rotator);
  const old = recordWith({ live: [{ version: "version-2", bornAt: now - 89.5 * day }] });

  test.each([
    ["what is due", observedWith({}, { record: old }), "start"],
    ["what nobody can prove to be young", observedWith({}, { record: null }), "start"],
    ["not what is not due", observedWith(), undefined],
    [
      "not what another function rotates",
      observedWith(
        { rotation: { lambda: "other", nextAt: null, rules: { afterDays: 88, expression: null, windowHours: null } } },
        { record: old },
      ),
      undefined,
    ],
    ["not what is being rotated", observedWith({ pending: "version-3" }, { record: old }), undefined],
    [
      "not while a previous credential must work on",
      observedWith({}, { record: { ...old, graceUntil: now + hour } }),
      undefined,
    ],
    [
      "not while a previous credential is made to fail",
      observedWith({}, { record: { ...old, retiringUntil: now + 1 } }),
      undefined,
    ],
    ["not what is untagged", observedWith({ tags: {} }, { record: old }), undefined],
  ])("%s", (_, observed, type) => expect(plan(observed)?.type).toBe(type));

  test("spread over the day before it is due but for its last four hours, the same for an ARN each time", () => {
    const arns = Array.from({ length: 2_000 }, (_, index) => `${arn}${index}`);
    const hours = Map.groupBy(arns, (each) => Math.floor(jitterMs(each) / hour));
    expect([...hours.keys()].toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 4),
    );
    expect(Math.max(...[...hours.values()].map(({ length }) => length))).toBeLessThan(160);
    expect(arns.map(jitterMs)).toEqual(arns.map(jitterMs));
    const dueAt = now + 1;
    const due = recordWith({ live: [{ version: "version-2", bornAt: dueAt - 90 * day + 25 * hour }] });
    expect(actionFor(observedWith({}, { record: due }), dueAt, policy, rotator)).toMatchObject({
      type: "start",
      dueAt,
    });
    expect(actionFor(observedWith({}, { record: due }), dueAt - day - 1, policy, rotator)).toBeNull();
  });

  test("of one host no more at a time than it bears, those under way included, the longest due first", () => {
    const start = (name: string, host: string | null, dueAt: number) => ({
      type: "start" as const,
      arn: name,
      host,
      dueAt,
    });
    const actions = [
      start("a", "one", 3),
      start("b", "one", 2),
      start("c", "two", 1),
      start("d", null, 4),
      start("e", null, 5),
    ];
    const names = (underway: [string, number][], perHost: number) =>
      admitted(actions, new Map(underway), perHost).map((action) => action.arn);
    expect(names([], 1)).toEqual(["c", "b", "d", "e"]);
    expect(names([["two", 1]], 1)).toEqual(["b", "d", "e"]);
    expect(names([["one", 1]], 2)).toEqual(["c", "b", "d", "e"]);
  });

  test("databases whose host nobody knows share one place; a tag tells them apart", async () => {
    const audited = await account();
    const tags = { "nightshift:kind": "database-password" };
    for (const name of ["a", "b", "c"]) await createSecret(audited, name, () => {}, tags);
    for (const name of ["d", "e"]) await createSecret(audited, name, () => {}, { ...tags, "nightshift:host": name });
    for (const name of ["f", "g"]) await createSecret(audited, name, () => {});
    audited.clock.at += 91 * day;
    const sent = await auditing(audited);
    const names = sent.map(({ input }) => /secret:(\w)/.exec(input.SecretId ?? "")?.[1]).toSorted();
    expect(names).toHaveLength(5);
    expect(names.slice(1)).toEqual(["d", "e", "f", "g"]);
  });

  test("without a tag, what was noted where the secret was rotated before", () => {
    const tags = { "nightshift:kind": "database-password" };
    const noted = { record: { ...old, place: "one" } };
    expect(hostOf(observedWith({ tags }, noted))).toBe("one");
    expect(hostOf(observedWith({ tags: { ...tags, "nightshift:host": "two" } }, noted))).toBe("two");
    expect(hostOf(observedWith({ tags: { "nightshift:kind": "api-key" } }, { record: old }))).toBeNull();
  });

  test("what somebody else began meanwhile is no failure", async () => {
    const audited = await account();
    await createSecret(audited, "tagged");
    audited.clock.at += 91 * day;
    audited.fail = (name) =>
      name === "RotateSecretCommand" ? new InvalidRequestException({ message: "not complete", $metadata: {} }) : null;
    await audited.audit();
    expect(audited.log.map(({ message }) => message)).toEqual(["rotation refused", "audit complete"]);
  });
});

describe("freezing", () => {
  test.each(["audit-secrets", "rotate-secrets"])("%s: nothing is done until it is thawed", async (operation) => {
    const audited = await account();
    const ledger = { client: audited.dependencies().ledger, table: ledgerTable };
    await createSecret(audited, "tagged", off);
    const why = { operation, by: "arn:aws:iam::111122223333:user/carol", reason: "a release", at: now };
    await writeFreeze(ledger, why);
    expect(await readFreeze(ledger, operation)).toEqual(why);
    expect(await auditing(audited)).toEqual([]);
    expect(audited.log[0]).toMatchObject({ message: "frozen", fields: { frozen: why, left: 1 } });
    expect(audited.findings).toMatchObject([{ rule: "no-rotation" }]);
    await removeFreeze(ledger, operation);
    audited.clock.at += hour + minute;
    expect(await auditing(audited)).toHaveLength(1);
  });

  test("it is read before every act", async () => {
    const audited = await account();
    for (const name of ["a", "b", "c"]) await createSecret(audited, name, off);
    await audited.audit();
    // One for how far the audit is, and two before each act.
    expect(audited.calls.get("GetItemCommand")).toBe(1 + 3 * 2);
  });
});
