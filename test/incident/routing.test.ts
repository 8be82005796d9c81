import { describe, expect, test } from "vitest";
import type { RoutingRule } from "../../shared/configuration/schema.ts";
import type { Alarm } from "../../shared/delivery/types.ts";
import { classify, fits, teamOfFinding } from "../../shared/incident/classify.ts";
import { policyWith } from "./stage.ts";
import { arnOf } from "./stories.ts";

const alarm: Alarm = {
  arn: arnOf("cpu"),
  name: "cpu",
  account: "111122223333",
  region: "eu-west-1",
  description: null,
  metrics: [
    { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: { InstanceId: "i-1" } },
    { namespace: "Shop", name: "Load", dimensions: { Queue: "orders", Host: "a" } },
  ],
  alarmRule: null,
};
const services = { shop: { tier: "high", team: "payments" }, bare: {} };
const teams = { payments: { levels: [{ channels: [{ type: "log" }] }] } };

function classified(rules: object[], tags: Record<string, string> = {}, of: Alarm = alarm) {
  return classify(of, tags, policyWith({ services, teams, routing: rules }));
}

describe("a pattern", () => {
  test.each<[pattern: string | undefined, text: string | undefined, fit: boolean]>([
    [undefined, "cpu", true],
    [undefined, undefined, true],
    ["*", undefined, false],
    ["cpu", undefined, false],
    ["cpu", "cpu", true],
    ["cpu", "cpu-high", false],
    ["", "", true],
    ["*", "", true],
    ["*", "anything", true],
    ["cpu*", "cpu", true],
    ["cpu*", "cpu-high", true],
    ["cpu*", "a-cpu", false],
    ["*high", "cpu-high", true],
    ["*high", "high", true],
    ["*high", "high-cpu", false],
    ["cpu*high", "cpu-is-high", true],
    ["cpu*high", "cpuhigh", true],
    ["cpu*high", "high-cpu", false],
    ["aba*aba", "ababa", false],
    ["aba*aba", "abaaba", true],
    ["ab*b", "ab", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "abc", true],
    ["a*b*c", "a-c-b", false],
    ["a*b*c", "a-c", false],
    ["a*bb*b", "abbb", true],
    ["a*bb*b", "abb", false],
    ["a*bc*bc*d", "abcd", false],
    ["a*bc*bc*d", "abcbcd", true],
    ["**", "x", true],
    ["C*", "cpu", false],
  ])("%o and %o: %s", (pattern, text, fit) => {
    expect(fits(pattern, text)).toBe(fit);
  });
});

describe("a rule matches where all that it asks for holds", () => {
  test.each<[match: RoutingRule["match"], matches: boolean]>([
    [{}, true],
    [{ account: "111122223333" }, true],
    [{ account: "4444*" }, false],
    [{ region: "eu-*" }, true],
    [{ region: "us-*" }, false],
    [{ account: "1*", region: "us-*" }, false],
    [{ account: "4*", region: "eu-*" }, false],
    [{ alarmName: "c*" }, true],
    [{ alarmName: "disk" }, false],
    [{ namespace: "Shop" }, true],
    [{ namespace: "AWS/S3" }, false],
    [{ metric: "Load" }, true],
    [{ metric: "Latency" }, false],
    [{ namespace: "Shop", metric: "Load" }, true],
    [{ namespace: "Shop", metric: "CPUUtilization" }, false],
    [{ dimensions: { Queue: "orders" } }, true],
    [{ dimensions: { Queue: "orders", Host: "a" } }, true],
    [{ dimensions: { Queue: "orders", Host: "b" } }, false],
    [{ dimensions: { Queue: "orders", InstanceId: "i-1" } }, false],
    [{ dimensions: { Table: "*" } }, false],
    [{ metric: "CPUUtilization", dimensions: { Queue: "orders" } }, false],
    [{ dimensions: { constructor: "*" } }, false],
    [{ tags: { team: "web", stage: "*" } }, true],
    [{ tags: { team: "web", owner: "*" } }, false],
    [{ tags: { team: "db" } }, false],
    [{ tags: { toString: "*" } }, false],
  ])("%o: %s", (match, matches) => {
    const rules = [{ name: "it", match, key: "yes" }];
    expect(classified(rules, { team: "web", stage: "live" }).rule).toBe(matches ? "it" : null);
  });

  test("of an alarm without metrics nothing is asked of metrics", () => {
    const composite = { ...alarm, metrics: [] };
    expect(classified([{ name: "it", match: { metric: "*" }, key: "k" }], {}, composite).rule).toBeNull();
    expect(classified([{ name: "it", match: { alarmName: "*" }, key: "k" }], {}, composite).rule).toBe("it");
  });
});

describe("an alarm is placed", () => {
  test("by the first rule that matches, in all that it states", () => {
    const rules = [
      { name: "none", match: { alarmName: "disk" }, key: "other" },
      { name: "first", match: {}, key: "k", service: "bare", tier: "critical", team: "payments" },
      { name: "second", match: {}, key: "other" },
    ];
    const placed = { key: "k", service: "bare", severity: "P0", team: "payments", rule: "first", unrouted: false };
    expect(classified(rules)).toEqual(placed);
  });

  test("by its tags and its service, where no rule does", () => {
    expect(classified([], { "nightshift:service": "shop" })).toEqual({
      key: "shop",
      service: "shop",
      severity: "P1",
      team: "payments",
      rule: null,
      unrouted: false,
    });
    expect(classified([], { "nightshift:service": "shop", "nightshift:tier": " Low " }).severity).toBe("P3");
  });

  test("by a rule's severity before its tier, and by its tier before the tag", () => {
    const stated = { name: "it", match: {}, severity: "P3", tier: "critical" };
    expect(classified([stated]).severity).toBe("P3");
    const tier = { name: "it", match: {}, tier: "critical" };
    expect(classified([tier], { "nightshift:tier": "low" }).severity).toBe("P0");
  });

  test("not by a service that happens to be called as if there were none", () => {
    const policy = policyWith({ services: { null: { tier: "critical" } } });
    expect(classify(alarm, {}, policy)).toMatchObject({ service: null, severity: "P2", unrouted: true });
  });

  test("by nothing: then it has neither key nor service, and is P2 of the default team", () => {
    const nothing = { key: null, service: null, severity: "P2", team: "operations", rule: null, unrouted: true };
    expect(classified([])).toEqual(nothing);
    expect(classified([], { "nightshift:service": "" })).toEqual(nothing);
    expect(classified([], { "nightshift:service": "toString" })).toEqual({
      ...nothing,
      key: "toString",
      service: "toString",
    });
  });
});

describe("the team of a finding", () => {
  const rules = [{ name: "secrets", match: { alarmName: "audit-secrets|*" }, team: "payments" }];
  const teamOf = (key: string, also: object[] = []) => {
    return teamOfFinding(key, policyWith({ services, teams, routing: [...also, ...rules] }));
  };

  test("is that of a rule for its key, else the default", () => {
    expect(teamOf("audit-secrets|too-old|x")).toBe("payments");
    expect(teamOf("verify-backups|too-old|x")).toBe("operations");
  });

  test.each([{ account: "*e*" }, { region: "*e*" }, { metric: "*" }, { dimensions: {} }, { tags: { team: "*" } }])(
    "is not that of a rule which asks for %o: a finding has none",
    (match) => {
      expect(teamOf("verify-backups|too-old|x", [{ name: "all", match, team: "payments" }])).toBe("operations");
    },
  );
});
