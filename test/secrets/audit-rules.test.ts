import { describe, expect, test } from "vitest";
import { day } from "../../shared/instant.ts";
import { failure } from "../../shared/secrets/failure.ts";
import { secretRules } from "../../shared/secrets/rules.ts";
import { type Case, certificates, now, observedWith, region, rulesOf } from "./audit-stage.ts";

const tagged = (tags: Record<string, string>) => ({ tags: { "nightshift:kind": "database-password", ...tags } });
const keyed = (customerKey: boolean, keys: string[]) => ({ secrets: { encryption: { customerKey, keys } } });
const replicas = (status: string) => [
  { region: "eu-central-1", status: "InSync" },
  { region: "us-east-1", status },
];

const cases: Case[] = [
  { what: "read 90 days ago", observed: observedWith({ accessedAt: now - 90 * day }), rules: [] },
  { what: "read 91 days ago", observed: observedWith({ accessedAt: now - 91 * day }), rules: ["unused"] },
  { what: "never read since it was created long ago", observed: observedWith({ accessedAt: null }), rules: ["unused"] },
  { what: "never read, and new", observed: observedWith({ accessedAt: null, createdAt: now - day }), rules: [] },
  {
    what: "AWS's own key, where one's own is wanted",
    observed: observedWith(),
    changes: keyed(true, []),
    rules: ["key-wrong"],
  },
  {
    what: "AWS's own key by its ARN",
    observed: observedWith({ key: "arn:aws:kms:eu-west-1:111122223333:alias/aws/secretsmanager" }),
    changes: keyed(true, []),
    rules: ["key-wrong"],
  },
  { what: "a key of one's own", observed: observedWith({ key: "alias/shop" }), changes: keyed(true, []), rules: [] },
  {
    what: "a key that is allowed",
    observed: observedWith({ key: "alias/shop" }),
    changes: keyed(false, ["alias/sh*"]),
    rules: [],
  },
  {
    what: "a key that is not",
    observed: observedWith({ key: "alias/other" }),
    changes: keyed(false, ["alias/sh*"]),
    rules: ["key-wrong"],
  },
  { what: "a key that is usable", observed: observedWith({ key: "alias/shop" }, { key: "usable" }), rules: [] },
  {
    what: "a key that is disabled",
    observed: observedWith({ key: "alias/shop" }, { key: "disabled" }),
    rules: ["key-missing"],
  },
  {
    what: "a key that is being deleted",
    observed: observedWith({ key: "alias/shop" }, { key: "pending deletion" }),
    rules: ["key-missing"],
  },
  {
    what: "a key that is not there",
    observed: observedWith({ key: "alias/shop" }, { key: "absent" }),
    rules: ["key-missing"],
  },
  {
    what: "replicas in step",
    observed: observedWith({ primaryRegion: region }, { replicas: replicas("InSync") }),
    rules: [],
  },
  {
    what: "a replica that failed",
    observed: observedWith({ primaryRegion: region, changedAt: now }, { replicas: replicas("Failed") }),
    rules: ["replica-out-of-sync"],
  },
  {
    what: "a replica that is on its way",
    observed: observedWith({ primaryRegion: region, changedAt: now }, { replicas: replicas("InProgress") }),
    rules: [],
  },
  {
    what: "a replica that never arrives",
    observed: observedWith({ primaryRegion: region }, { replicas: replicas("InProgress") }),
    rules: ["replica-out-of-sync"],
  },
  { what: "nobody says its kind", observed: observedWith({ tags: {} }), rules: ["kind-unknown"] },
  {
    what: "the configuration says its kind",
    observed: observedWith({ tags: {} }),
    changes: { secrets: { matches: [{ secret: "shop/*", kind: "api-key" }] } },
    rules: [],
  },
  {
    what: "tag and configuration differ",
    observed: observedWith(),
    changes: { secrets: { matches: [{ secret: "shop/*", kind: "api-key" }] } },
    rules: ["kind-unknown"],
  },
  {
    what: "two matches differ",
    observed: observedWith({ tags: {} }),
    changes: {
      secrets: {
        matches: [
          { secret: "shop/*", kind: "api-key" },
          { secret: "*", kind: "certificate" },
        ],
      },
    },
    rules: ["kind-unknown"],
  },
  {
    what: "a kind that nobody has described",
    observed: observedWith({ tags: { "nightshift:kind": "toString" } }),
    rules: ["kind-unknown"],
  },
  {
    what: "a strategy that there is",
    observed: observedWith(tagged({ "nightshift:strategy": "postgres-alternating" })),
    rules: [],
  },
  {
    what: "a strategy that there is not",
    observed: observedWith(tagged({ "nightshift:strategy": "postgres-alternatin" })),
    rules: ["secret-malformed"],
  },
  {
    what: "a certificate that cannot be read",
    observed: observedWith(certificates, { certificate: failure("malformed", "no certificate", "store one") }),
    rules: ["secret-malformed"],
  },
  {
    what: "a certificate whose renewal is late",
    observed: observedWith(certificates, { certificate: { notAfter: now + 20 * day, lifetimeMs: 398 * day } }),
    rules: ["certificate-expiring"],
  },
];

describe("what is wrong is found, and nothing else", () => {
  test.each(cases)("$what", ({ observed, changes = {}, rules }) => {
    expect(rulesOf(observed, changes)).toEqual(rules);
  });

  test("every rule of these has a case", () => {
    const covered = new Set(cases.flatMap(({ rules }) => rules));
    expect(secretRules.slice(7).filter((rule) => !covered.has(rule))).toEqual([]);
  });
});
