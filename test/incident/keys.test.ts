import { describe, expect, test } from "vitest";
import { alarmsOf, createStage, incidents, incidentUnder, only, paged, policyWith, story } from "./stage.ts";
import { anyOf, arnOf, at, change, clears, contributor, event, finding, fires, tagged } from "./stories.ts";

const keysOf = async (...run: Parameters<typeof story>) => incidents(await story(...run)).map(({ key }) => key);

const keyed = policyWith({ routing: [{ name: "shop", match: { alarmName: "cpu*" }, key: "shop-outage" }] });

describe("the key of an alarm's incident", () => {
  test("is the configured key, before its service", async () => {
    const run = { configuration: keyed, tags: tagged({ "cpu-1": "high checkout" }) };
    expect(await keysOf([fires("cpu-1", at(0))], run)).toEqual(["shop-outage"]);
  });

  test("is else its service, before its composite parent", async () => {
    const story = [fires("outage", at(0), { rule: anyOf("cpu") }), fires("cpu", at(1))];
    expect(await keysOf(story, { tags: tagged({ cpu: "high checkout" }) })).toEqual([arnOf("outage"), "checkout"]);
  });

  test("is the service that a routing rule names, before the tag's", async () => {
    const configuration = policyWith({ routing: [{ name: "r", match: { alarmName: "cpu" }, service: "payments" }] });
    const run = { configuration, tags: tagged({ cpu: "high checkout" }) };
    expect(await keysOf([fires("cpu", at(0))], run)).toEqual(["payments"]);
  });

  test("is else its composite parent", async () => {
    const world = await story([fires("outage", at(0), { rule: anyOf("cpu") }), fires("cpu", at(1))]);
    expect(only(world).key).toBe(arnOf("outage"));
    expect(alarmsOf(only(world))).toEqual({ outage: "ALARM", cpu: "ALARM" });
  });

  test("is that of its parent's service, where the parent has one", async () => {
    const documents = [fires("outage", at(0), { rule: anyOf("cpu") }), fires("cpu", at(1))];
    expect(await keysOf(documents, { tags: tagged({ outage: "high checkout" }) })).toEqual(["checkout"]);
  });

  test("is else the alarm itself", async () => {
    expect(await keysOf([fires("cpu", at(0)), fires("disk", at(1))])).toEqual([arnOf("cpu"), arnOf("disk")]);
  });

  test("makes one incident of all alarms of one service", async () => {
    const tags = tagged({ cpu: "high checkout", disk: "high checkout", other: "high search" });
    const documents = [fires("cpu", at(0)), fires("disk", at(1)), fires("other", at(2))];
    expect(await keysOf(documents, { tags })).toEqual(["checkout", "search"]);
  });

  test("makes one incident of all alarms of one configured key", async () => {
    const documents = [fires("cpu-1", at(0)), fires("cpu-2", at(1))];
    expect(await keysOf(documents, { configuration: keyed })).toEqual(["shop-outage"]);
  });

  test("does not join alarms of the same name in two regions", async () => {
    const elsewhere = JSON.parse(JSON.stringify(fires("cpu", at(1))).replaceAll("eu-west-1", "us-east-1"));
    expect(await keysOf([fires("cpu", at(0)), elsewhere])).toHaveLength(2);
  });
});

describe("contributors fold into their alarm", () => {
  const world = () =>
    story([
      contributor("slow", "a1", "ALARM", at(0)),
      fires("slow", at(0, 1)),
      contributor("slow", "b2", "ALARM", at(1)),
    ]);

  test("they and their alarm are one incident, with one alarm in it", async () => {
    expect(alarmsOf(only(await world()))).toEqual({ slow: "ALARM" });
  });

  test("and one page", async () => {
    expect(paged(await world()).filter((page) => page.includes("batch"))).toHaveLength(1);
  });

  const both = [
    contributor("slow", "a1", "ALARM", at(0)),
    contributor("slow", "b2", "ALARM", at(1)),
    contributor("slow", "a1", "OK", at(2)),
  ];

  test("it is red as long as one of them is", async () => {
    expect(only(await story(both))).toMatchObject({ status: "open" });
  });

  test("it is OK when the last of them is, though nobody says so of the alarm itself", async () => {
    const world = await story([...both, contributor("slow", "b2", "OK", at(3))]);
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(8) });
  });

  test("it is OK when the alarm itself is, though one of them was not heard of", async () => {
    const world = await story([...both, clears("slow", at(3))]);
    expect(only(world)).toMatchObject({ status: "resolved", resolvedAt: at(8) });
  });
});

describe("a finding's key", () => {
  test("is its operation, rule and resource", async () => {
    expect(await keysOf([finding("raised", at(0))])).toEqual(["audit-secrets|too-old|database-password"]);
  });

  test.each([{ operation: "verify-backups" }, { rule: "unknown-age" }, { resource: "api-key" }])(
    "keeps it apart from a finding with another %o",
    async (different) => {
      expect(await keysOf([finding("raised", at(0)), finding("raised", at(1), different)])).toHaveLength(2);
    },
  );

  test("is never a service, even if a rule gives its name one", async () => {
    const configuration = policyWith({
      routing: [{ name: "all", match: { alarmName: "*" }, service: "shop", key: "k" }],
    });
    const [found] = incidents(await story([finding("raised", at(0))], { configuration }));
    expect(found).toMatchObject({ key: "audit-secrets|too-old|database-password", service: null });
  });
});

describe("composite children are read from the alarm rule", () => {
  test.each([
    `ALARM(cpu) AND NOT OK("disk")`,
    `ALARM("${arnOf("cpu")}") OR (INSUFFICIENT_DATA(disk))`,
    `AT_LEAST(1, ALARM, (cpu, "disk"))`,
  ])("%s", async (rule) => {
    const world = await story([fires("outage", at(0), { rule }), fires("cpu", at(1)), fires("disk", at(1))]);
    expect(only(world).key).toBe(arnOf("outage"));
  });

  test("also from that of a composite that was only created, and never fired", async () => {
    const world = await story([
      change("outage", "create", at(0), anyOf("cpu", "disk")),
      fires("cpu", at(1)),
      fires("disk", at(2)),
    ]);
    expect(only(world).key).toBe(arnOf("outage"));
  });

  test("an alarm that the rule does not name has an incident of its own", async () => {
    const documents = [fires("outage", at(0), { rule: anyOf("cpu") }), fires("disk", at(1))];
    expect(await keysOf(documents)).toEqual([arnOf("outage"), arnOf("disk")]);
  });

  test("a child that fires before its composite is in the composite's incident from then on", async () => {
    const world = await story([fires("cpu", at(0)), fires("outage", at(1), { rule: anyOf("cpu") })]);
    expect(only(world)).toMatchObject({ key: arnOf("outage"), openedAt: at(0) });
  });

  test.each([
    { first: "a-outage", second: "b-outage" },
    { first: "b-outage", second: "a-outage" },
  ])("of two parents the lowest ARN counts, $first being heard of first", async ({ first, second }) => {
    const documents = [
      event(first, "OK", at(0), { rule: anyOf("cpu") }),
      event(second, "OK", at(1), { rule: anyOf("cpu") }),
      fires("cpu", at(2)),
    ];
    expect(await keysOf(documents)).toEqual([arnOf("a-outage")]);
  });
});

describe("of two incidents that turn out to be one", () => {
  const high = tagged({ disk: "high", outage: "high", cpu: "critical" });
  /** The composite reads `cpu` alone at first, and is the older; its rule is changed then. */
  const composites = (child: string) => [
    fires("outage", at(0), { rule: anyOf("other") }),
    fires(child, at(1)),
    change("outage", "update", at(2), anyOf("other", child)),
  ];
  const alarmFirst = [
    fires("disk", at(0)),
    fires("outage", at(1), { rule: anyOf("other") }),
    change("outage", "update", at(2), anyOf("other", "disk")),
  ];

  test("the older survives, with the alarms of both", async () => {
    const survivor = incidentUnder(await story(composites("disk"), { tags: high }), arnOf("outage"));
    expect(survivor).toMatchObject({ status: "open", openedAt: at(0) });
    expect(alarmsOf(survivor)).toEqual({ outage: "ALARM", disk: "ALARM" });
  });

  test("the older survives also where it was the child's", async () => {
    const [older, younger] = incidents(await story(alarmFirst, { tags: high, until: at(3) }));
    expect(older).toMatchObject({ status: "open", openedAt: at(0), key: arnOf("outage") });
    expect(younger).toMatchObject({ status: "merged", openedAt: at(1), mergedInto: older?.id });
  });

  test("the younger is merged into it", async () => {
    const [older, younger] = incidents(await story(composites("disk"), { tags: high }));
    expect(younger).toMatchObject({ status: "merged", resolution: "merged", mergedInto: older?.id });
  });

  test("the older keeps its acknowledgement", async () => {
    const stage = await createStage({ tags: high });
    const [first, ...rest] = alarmFirst;
    await stage.tell(first);
    await stage.person(at(0, 30), arnOf("disk"), { type: "acknowledge", by: "Ada" });
    await stage.tell(...rest);
    await stage.until(at(300));
    const [older] = incidents(stage.world);
    expect(older).toMatchObject({ status: "acknowledged", acknowledgedBy: "Ada" });
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1", "+1 opened P1 operations-1"]);
  });

  test("the merge pages nobody where the severity does not rise", async () => {
    const world = await story(composites("disk"), { tags: high, until: at(14) });
    expect(paged(world)).toEqual(["+0 opened P1 operations-1", "+1 opened P1 operations-1"]);
  });

  test("the merge pages where it raises the older's severity", async () => {
    const world = await story(composites("cpu"), { tags: high, until: at(4) });
    expect(paged(world)).toEqual([
      "+0 opened P1 operations-1",
      "+1 opened P0 operations-1",
      "+2 raised P0 operations-1",
    ]);
  });

  test("what is one is resolved as one", async () => {
    const documents = [
      ...composites("disk"),
      clears("disk", at(5)),
      clears("outage", at(7), { rule: anyOf("other", "disk") }),
    ];
    const survivor = incidentUnder(await story(documents, { tags: high }), arnOf("outage"));
    expect(survivor).toMatchObject({ status: "resolved", resolvedAt: at(12) });
  });
});
