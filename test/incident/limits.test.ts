import { describe, expect, test } from "vitest";
import { createStage, incidents, story } from "./stage.ts";
import { arnOf, at, clears, contributor, event, fires, nonsense, tagged } from "./stories.ts";

// What is bounded, and that nobody goes untold because of it.

const count = (howMany: number) => Array.from({ length: howMany }, (_, index) => index);
const served = (howMany: number, tier: string) =>
  Object.fromEntries(count(howMany).map((n) => [`a${n}`, `${tier} shop`]));

describe("more alarms of one service than fit into its incident", () => {
  const tags = tagged({ ...served(150, "low"), bad: "critical shop" });
  const many = count(150).map((n) => fires(`a${n}`, at(0, n / 10)));

  test("the next one is paged as it would have been alone, and holds an incident open of its own", async () => {
    const over = count(150).map((n) => clears(`a${n}`, at(10, n / 10)));
    const world = await story([...many, fires("bad", at(1)), ...over], { tags, until: at(30) });
    expect(
      world.collected.notifications.filter(({ severity }) => severity === "P0").map(({ at: when }) => when),
    ).toEqual([at(1), at(6), at(16), at(21)]);
    const open = incidents(world).filter(({ status }) => status === "open");
    expect(open.map(({ key }) => key)).toEqual([arnOf("bad")]);
  });

  test("one that is red takes the place of one that is OK", async () => {
    const some = [clears("a0", at(0, 30)), clears("a1", at(0, 40))];
    const world = await story([...many.slice(0, 120), ...some, fires("bad", at(1))], { tags, until: at(2) });
    const [shop] = incidents(world).filter(({ key }) => key === "shop");
    expect(Object.keys(shop?.members ?? {})).toHaveLength(120);
    expect(shop).toMatchObject({ severity: "P0", status: "open" });
  });

  test("names of any length and a long history fit into the table's rows", async () => {
    const name = (n: number) => `${"a".repeat(240)}-${n}`;
    const long = tagged(Object.fromEntries(count(140).map((n) => [name(n), "high shop"])));
    const rounds = count(6).flatMap((round) =>
      count(140).map((n) => event(name(n), round % 2 === 0 ? "ALARM" : "OK", at(2 * round, n / 10))),
    );
    const world = await story(rounds, { tags: long, until: at(20) });
    expect(world.collected.deliveries).toMatchObject({ failed: 0, applied: rounds.length });
  });
});

describe("more alarms with the longest names in letters of three bytes than fit into a row", () => {
  const name = (n: number) => `${"警".repeat(250)}-${n}`;
  const tags = tagged(Object.fromEntries(count(130).map((n) => [name(n), "high shop"])));
  const fired = count(130).map((n) => fires(name(n), at(0, n / 10)));

  test("those that find no room in their service's incident have their own, and none is left out", async () => {
    const world = await story(fired, { tags, until: at(4) });
    expect(world.collected.deliveries).toMatchObject({ failed: 0, applied: 130 });
    const listed = incidents(world).flatMap(({ members }) => Object.keys(members));
    expect(listed.toSorted()).toEqual(
      count(130)
        .map((n) => arnOf(name(n)))
        .toSorted(),
    );
    const [shop] = incidents(world).filter(({ key }) => key === "shop");
    expect(Object.keys(shop?.members ?? {}).length).toBeGreaterThan(60);
  });

  test("and as they are OK again, all of them end", async () => {
    const cleared = count(130).map((n) => clears(name(n), at(2, n / 10)));
    const world = await story([...fired, ...cleared], { tags, until: at(10) });
    expect(world.collected.deliveries.failed).toBe(0);
    expect(new Set(incidents(world).map(({ status }) => status))).toEqual(new Set(["resolved"]));
  });
});

test("two incidents that have no room in one go on apart, and nothing red is forgotten", async () => {
  const names = (prefix: string) => count(99).map((n) => `${prefix}${n}`);
  const rule = (all: string[]) => all.map((name) => `ALARM(${name})`).join(" OR ");
  const [p, q] = [names("p"), names("q")];
  const tags = tagged(Object.fromEntries([...p, ...q, "P", "Q"].map((name) => [name, "high"])));
  const children = [...p, ...q].map((name, n) => fires(name, at(0, n / 10)));
  const parents = [
    fires("Q", at(1), { rule: rule(q) }),
    fires("P", at(2), { rule: rule(p) }),
    event("P", "ALARM", at(3), { rule: rule([...p, "Q"]), previous: "ALARM" }),
  ];
  const world = await story([...children, ...parents], { tags, until: at(4) });
  const open = incidents(world).filter(({ status }) => status === "open");
  expect(open.flatMap(({ members }) => Object.keys(members)).toSorted()).toEqual(
    [...p, ...q, "P", "Q"].map(arnOf).toSorted(),
  );
});

test("of more contributors than are kept, those that are red are", async () => {
  const others = count(520).flatMap((n) => [
    contributor("slow", `c${n}`, "ALARM", at(1, n)),
    contributor("slow", `c${n}`, "OK", at(1, n + 1)),
  ]);
  const world = await story([contributor("slow", "longest", "ALARM", at(0)), ...others], { until: at(30) });
  expect(incidents(world).map(({ status }) => status)).toEqual(["open"]);
});

test("a mute that ends for more alarms than a transaction has writes pages all the same", async () => {
  const tags = tagged(served(120, "high"));
  const until = at(20);
  const documents = count(120).map((n) => fires(`a${n}`, at(0, n / 10), { mute: { rule: "window", until } }));
  const world = await story(documents, { tags, until: at(21) });
  expect(world.collected.notifications.map(({ at: when, reason }) => [when, reason])).toEqual([[until, "opened"]]);
});

test("alarms that flapped and settle together settle together", async () => {
  const tags = tagged(served(110, "high"));
  const rounds = count(4).flatMap((round) =>
    count(110).map((n) => event(`a${n}`, round % 2 === 0 ? "ALARM" : "OK", at(round, n / 10))),
  );
  const world = await story(rounds, { tags, until: at(40) });
  expect(incidents(world).map(({ status }) => status)).toEqual(["resolved"]);
});

test("a storm of more incidents than one summary lists names every one of them", async () => {
  const tags = tagged(Object.fromEntries(count(1_100).map((n) => [`a${n}`, "high"])));
  const world = await story(
    count(1_100).map((n) => fires(`a${n}`, at(0, n / 20))),
    { tags, until: at(6) },
  );
  const named = new Set(world.collected.notifications.flatMap(({ incidents: listed }) => listed));
  expect(named.size).toBe(1_100);
  const summaries = world.collected.notifications.filter(({ reason }) => reason === "summary");
  expect(summaries.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
});

describe("what a delivery can hold", () => {
  test("a mute rule with a name that no rule can have mutes nothing, and stops no sweep", async () => {
    const stage = await createStage();
    await stage.tell(fires("a", at(0), { mute: { rule: "r".repeat(300), until: at(60) } }));
    await stage.sweepAt(at(2));
    expect([...stage.world.collected.complaints.keys()]).toEqual([]);
    expect(incidents(stage.world).map(({ active }) => active)).toEqual([true]);
  });

  test("contributors may be named as what every object has", async () => {
    const ids = ["constructor", "__proto__", "toString"];
    const fired = ids.map((id, n) => contributor("slow", id, "ALARM", at(n)));
    const cleared = ids.map((id, n) => contributor("slow", id, "OK", at(10 + n)));
    const world = await story([...fired, ...cleared], { until: at(30) });
    expect(world.collected.deliveries).toMatchObject({ applied: 6, failed: 0 });
    expect(incidents(world).map(({ status }) => status)).toEqual(["resolved"]);
  });

  test.each([5_000, 60_000])("a document %i deep is of unknown shape, and no more than that", async (depth) => {
    const deep: unknown = JSON.parse(`{"time":"2026-06-01T10:00:00Z","a":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    const world = await story([deep, nonsense(at(0))], { until: at(1) });
    expect(world.collected.deliveries).toMatchObject({ received: 2, unparsed: 2, failed: 0 });
  });
});
