import { describe, expect, test } from "vitest";
import { auditMeasures } from "../../bench/secrets.ts";
import { auditEstate } from "../../bench/secrets-audits.ts";
import { httpMeasures, measureSecretsOverHttp } from "../../bench/secrets-http.ts";
import { loadConfiguration } from "../../shared/configuration/files.ts";

const { configuration } = loadConfiguration("production");
const many = await auditEstate(configuration, 400);
const few = await auditEstate(configuration, 40);

describe("a small estate", () => {
  test("is found as it was made, and once told it costs hardly more than its list", () => {
    expect(many).toMatchObject({ secrets: 400, findings: 100, astray: 0, valuesRead: 0 });
    // Four pages; two queries, how far it is and what is remembered of it, ACM and IAM.
    expect(many.calls).toBe(4 + 6);
    // Ten findings with a call, and what was told a page at a time.
    expect(many.firstCalls).toBe(many.calls + 12 + 4);
  });

  test("reaches its goals, but for those that the test's own process disturbs", () => {
    const missed = auditMeasures(many, few).filter(({ name, reached }) => !reached && !/cpu|memory/.test(name));
    expect(missed).toEqual([]);
  });
});

test("what would be wrong is seen", () => {
  const worse = {
    ...many,
    astray: 1,
    calls: 121,
    firstCalls: 221,
    valuesRead: 1,
    cpuMilliseconds: 1_002,
    growthBytes: 2 ** 25,
  };
  expect(auditMeasures(worse, few).filter(({ reached }) => reached)).toEqual([]);
  const slow = { calls: 1_011, seconds: 7, serverSeconds: 3, cpuSeconds: 3, megabytes: 257, secrets: 1, rules: "" };
  expect(httpMeasures(slow).filter(({ reached }) => reached)).toEqual([]);
});

test("what both found is said, and of which time the goal speaks", () => {
  const spent = { calls: 110, seconds: 7, serverSeconds: 5, cpuSeconds: 1, megabytes: 100, secrets: 10_000 };
  const texts = httpMeasures({ ...spent, rules: "500 no-rotation" }).map(({ name, value, what }) => ({
    name,
    value,
    what,
  }));
  expect(texts[0]?.what).toContain("found 500 no-rotation; Cloud Custodian 500 without a kind, 500 without rotation");
  expect(texts[1]).toMatchObject({ name: "secrets-audit.http-time", value: 16 });
  expect(texts[1]?.what).toMatch(/^net of what the server itself takes/);
  expect(texts[1]?.what).toContain("As a whole 7.0 s (the server 5.0 s) against 35 s (3 s), which is 5.0 times less");
});

test("without moto it is said that it was left out, and what installs it", async () => {
  const left: string[] = [];
  expect(await measureSecretsOverHttp(10, (what) => void left.push(what), false)).toEqual([]);
  expect(left).toEqual([expect.stringContaining("moto is not installed (node test/contract/install-servers.ts)")]);
});
