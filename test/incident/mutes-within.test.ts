import { describe, expect, test } from "vitest";
import { createStage, only, paged, story } from "./stage.ts";
import { at, clears, fires, tagged, topic } from "./stories.ts";

// Mutes of one alarm within an incident that has a life already.

const tags = tagged({ disk: "low shop", errors: "critical shop", slow: "high shop" });
const ada = { type: "acknowledge", by: "Ada" } as const;
const mute = { rule: "deployment", until: at(60) };

describe("a muted alarm that would have begun a new episode", () => {
  const yesterday = async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("disk", at(0)), fires("errors", at(1)));
    await stage.person(at(2), "shop", ada);
    await stage.tell(clears("errors", at(10)), fires("errors", at(40), { mute }));
    return stage;
  };

  test("pages nobody while it is muted", async () => {
    const stage = await yesterday();
    await stage.until(at(59));
    expect(paged(stage.world)).toEqual(["+1 raised P0 operations-1"]);
  });

  test("pages at the mute's end, if it is still red", async () => {
    const stage = await yesterday();
    await stage.until(at(60));
    expect(paged(stage.world)).toEqual(["+1 raised P0 operations-1", "+60 opened P0 operations-1"]);
    expect(only(stage.world)).toMatchObject({ episode: 2, acknowledgedAt: null });
  });

  test("pages when SNS proves that no mute holds", async () => {
    const stage = await yesterday();
    await stage.tell(topic("errors", "ALARM", at(40)));
    expect(paged(stage.world)).toEqual(["+1 raised P0 operations-1", "+40 opened P0 operations-1"]);
  });
});

test("a mute that CloudWatch has prolonged meanwhile ends when it ends now", async () => {
  const documents = [
    fires("errors", at(0), { mute: { rule: "deployment", until: at(30) } }),
    fires("errors", at(20), { mute, previous: "ALARM" }),
  ];
  expect(paged(await story(documents, { tags, until: at(61) }))).toEqual(["+60 opened P0 operations-1"]);
});

describe("a muted alarm that reopens an incident", () => {
  const lesser = [
    fires("errors", at(0)),
    clears("errors", at(2)),
    fires("disk", at(20), { mute: { rule: "deployment", until: at(30) } }),
  ];

  test("pages nobody before the mute's end", async () => {
    const world = await story(lesser, { tags, until: at(29) });
    expect(only(world).status).toBe("open");
    expect(paged(world)).toEqual(["+0 opened P0 operations-1", "+5 reminded P0 operations-1"]);
  });

  test("does not let its severity fall at the mute's end", async () => {
    expect(only(await story(lesser, { tags, until: at(31) })).severity).toBe("P0");
  });
});

test("a mute that was over before its delivery came keeps nobody from being paged", async () => {
  const documents = [fires("slow", at(120)), fires("errors", at(0), { mute })];
  const world = await story(documents, { tags, until: at(120) });
  expect(paged(world)).toEqual(["+120 opened P1 operations-1", "+120 raised P0 operations-1"]);
});

test("an alarm that fires while another's mute holds starts the clocks then", async () => {
  const documents = [fires("errors", at(0), { mute }), fires("slow", at(10))];
  const world = await story(documents, { tags, until: at(66) });
  expect(paged(world)).toEqual([
    "+10 opened P1 operations-1",
    "+25 reminded P1 operations-1",
    "+60 raised P0 operations-1",
    "+65 reminded P0 operations-1",
  ]);
});
