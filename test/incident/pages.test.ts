import { describe, expect, test } from "vitest";
import type { Notification } from "../../simulation/collected.ts";
import { createStage, only, paged, policyWith, story, told } from "./stage.ts";
import { arnOf, at, clears, fires, tagged } from "./stories.ts";

const tags = tagged({ cpu: "critical", log: "low shop", errors: "critical shop" });
const twoChannels = policyWith({
  teams: {
    operations: { levels: [{ channels: [{ type: "sns" }, { type: "log" }] }, { channels: [{ type: "sns" }] }] },
  },
});
const topicP0 = "arn:aws:sns:us-east-1:111122223333:pages-P0";

const identityOf = ({ incident, episode, severity, level, audience, reason, ordinal }: Notification) =>
  [incident, episode, severity, level, audience, reason, ordinal].join("|");

describe("a page", () => {
  test("is one of (incident, episode, severity, level, audience, reason, ordinal): no two are alike", async () => {
    const documents = [
      fires("log", at(0)),
      fires("errors", at(1)),
      clears("errors", at(90)),
      fires("errors", at(100)),
      clears("errors", at(200)),
      fires("errors", at(210)),
      fires("cpu", at(211)),
      clears("cpu", at(300)),
      fires("cpu", at(310)),
    ];
    const { notifications } = (await story(documents, { tags, until: at(600) })).collected;
    const identities = notifications.map(identityOf);
    expect(identities.length).toBeGreaterThan(40);
    expect(new Set(identities).size).toBe(identities.length);
  });

  test("has the next ordinal when the same level hears the same again", async () => {
    const { notifications } = (await story([fires("cpu", at(0))], { tags, until: at(61) })).collected;
    const last = notifications.filter(({ reason, level }) => reason === "reminded" && level === 3);
    expect(last.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
  });

  test("is sent once on each channel", async () => {
    const world = await story([fires("cpu", at(0))], { tags, configuration: twoChannels, until: at(1) });
    expect(world.collected.notifications.map(({ channel }) => channel).sort()).toEqual(["log", "sns"]);
    expect(world.sns.published).toHaveLength(1);
  });

  test("is sent once though the sender is woken by the same rows again", async () => {
    const configuration = policyWith({ routing: [{ name: "all", match: {}, tier: "critical" }] });
    const { world } = await createStage({ configuration });
    await world.open({ Records: [{ messageId: "1", body: JSON.stringify(fires("cpu", at(0))) }] });
    const rows = world.stream.map(({ newImage }) => ({ dynamodb: { NewImage: newImage } }));
    await world.wake();
    await world.notify({ Records: rows });
    await world.notify({});
    expect(told(world)).toEqual(["+0 opened P0 operations-1"]);
    expect(world.sns.published).toHaveLength(1);
  });

  test("is sent once though the delivery behind it comes again and again", async () => {
    const document = fires("cpu", at(0));
    const world = await story([document, document, document], { tags, until: at(1) });
    expect(told(world)).toEqual(["+0 opened P0 operations-1"]);
  });
});

describe("a channel that refuses", () => {
  const refusing = async () => {
    const stage = await createStage({ tags, configuration: twoChannels });
    stage.world.sns.refuse(topicP0, true);
    await stage.tell(fires("cpu", at(0)));
    return stage;
  };

  test("holds up no other: the page goes out there, once", async () => {
    const stage = await refusing();
    await stage.until(at(4));
    expect(stage.world.collected.notifications.map(({ channel }) => channel)).toEqual(["log"]);
  });

  test("gets the page when it accepts again, once, and the other does not get it twice", async () => {
    const stage = await refusing();
    await stage.until(at(2));
    stage.world.sns.refuse(topicP0, false);
    await stage.until(at(4));
    expect(stage.world.collected.notifications.map(({ channel }) => channel)).toEqual(["log", "sns"]);
    expect(stage.world.sns.published.map(({ attributes }) => attributes.reason)).toEqual(["opened"]);
  });

  test("does not get what was acknowledged meanwhile", async () => {
    const stage = await refusing();
    await stage.person(at(1), arnOf("cpu"), { type: "acknowledge", by: "Ada" });
    stage.world.sns.refuse(topicP0, false);
    await stage.until(at(60));
    expect(stage.world.sns.published).toEqual([]);
  });

  test("does not stop the clocks: escalation reaches the next level", async () => {
    const stage = await refusing();
    await stage.until(at(14));
    stage.world.sns.refuse(topicP0, false);
    await stage.until(at(16));
    expect(told(stage.world, ["escalated"])).toContain("+15 escalated P0 operations-2");
  });
});

describe("a P0's status entry", () => {
  test("is published at once as investigating", async () => {
    expect(only(await story([fires("cpu", at(0))], { tags, until: at(0) })).statusEntry).toBe("investigating");
  });

  test("waits for approval where that is configured", async () => {
    const configuration = policyWith({ incidents: { statusEntry: "approve" } });
    expect(only(await story([fires("cpu", at(0))], { tags, configuration })).statusEntry).toBe("awaiting-approval");
  });

  test("says that it is over when it is", async () => {
    expect(only(await story([fires("cpu", at(0)), clears("cpu", at(1))], { tags })).statusEntry).toBe("resolved");
  });

  test("says nothing while it is muted", async () => {
    const muted = fires("cpu", at(0), { mute: { rule: "deployment", until: at(30) } });
    expect(only(await story([muted], { tags, until: at(20) })).statusEntry).toBeNull();
    expect(only(await story([muted], { tags, until: at(31) })).statusEntry).toBe("investigating");
  });
});

test("a person's note changes nothing but the timeline", async () => {
  const stage = await createStage({ tags });
  await stage.tell(fires("cpu", at(0)));
  const { entries: _, ...before } = only(stage.world);
  await stage.person(at(1), arnOf("cpu"), { type: "note", by: "Ada", text: "looking" });
  const { entries: __, ...after } = only(stage.world);
  expect(after).toEqual(before);
  expect(paged(stage.world)).toHaveLength(1);
});

test("a page of a service that has a runbook says where it is", async () => {
  const runbook = "https://wiki.example.com/checkout";
  const configuration = policyWith({ services: { checkout: { tier: "critical", runbook } } });
  const world = await story([fires("cpu", at(0))], { configuration, tags: tagged({ cpu: " checkout" }), until: at(1) });
  expect(world.sns.published.map(({ message }) => message)).toEqual([expect.stringContaining(`runbook: ${runbook}`)]);
});
