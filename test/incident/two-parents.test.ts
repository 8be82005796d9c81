import { expect, test } from "vitest";
import { alarmsOf, incidents, story } from "./stage.ts";
import { anyOf, arnOf, at, clears, fires, tagged } from "./stories.ts";

// An alarm that two composites read.

test.each([
  ["the alarm first", [0, 1, 2]],
  ["the higher parent first", [1, 2, 0]],
  ["the higher parent, then the alarm", [1, 0, 2]],
  ["the lower parent first", [2, 1, 0]],
])("of two parents the lowest ARN has the alarm, in whatever order they are heard of: %s", async (_, order) => {
  const documents = [
    fires("cpu", at(0)),
    fires("q-outage", at(1), { rule: anyOf("cpu") }),
    fires("p-outage", at(2), { rule: anyOf("cpu") }),
  ];
  const world = await story(
    order.map((index) => documents[index]),
    { until: at(4) },
  );
  const open = incidents(world).filter(({ status }) => status === "open");
  expect(Object.fromEntries(open.map((incident) => [incident.key, alarmsOf(incident)]))).toEqual({
    [arnOf("p-outage")]: { "p-outage": "ALARM", cpu: "ALARM" },
    [arnOf("q-outage")]: { "q-outage": "ALARM" },
  });
});

test("an alarm that was paged does not change over to a parent that is muted: its escalation would be lost", async () => {
  const documents = [
    fires("cpu", at(0)),
    fires("q-outage", at(1), { rule: anyOf("cpu") }),
    fires("p-outage", at(2), { rule: anyOf("cpu"), mute: { rule: "window", until: at(600) } }),
    clears("q-outage", at(3), { rule: anyOf("cpu") }),
  ];
  const tags = tagged({ cpu: "critical", "q-outage": "critical", "p-outage": "critical" });
  const { notifications } = (await story(documents, { tags, until: at(40) })).collected;
  expect(notifications.map(({ reason }) => reason)).not.toContain("resolved");
  expect(notifications.filter(({ reason }) => reason === "escalated").map(({ level }) => level)).toEqual([2, 3]);
});
