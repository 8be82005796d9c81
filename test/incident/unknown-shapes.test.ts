import { describe, expect, test } from "vitest";
import { createLife, type Life, pages, timeline } from "./life.ts";
import { policyWith } from "./stage.ts";
import { at } from "./stories.ts";

const key = "unparsed|event|detail.state";

function comes(life: Life, minutes: number, raw = "{}") {
  const [door, path, problem] = ["event", "detail.state", "is missing"];
  return life.does(at(minutes), { type: "unknown-shape", door, path, problem, at: at(minutes), raw });
}

describe("deliveries of unknown shape", () => {
  test("open an incident that shows where they come to grief, with the delivery itself", () => {
    const life = createLife({ key });
    const { entries } = comes(life, 0, '{"detail":{}}');
    expect(entries.map(({ entry }) => entry.raw)).toEqual(['{"detail":{}}']);
    expect(timeline(life)).toEqual(["+0 opened: opened: a delivery of unknown shape, event: detail.state is missing"]);
    expect(life.incident).toMatchObject({ kind: "unparsed", severity: "P1", service: null, team: "operations" });
    expect(Object.values(life.incident.members)).toEqual([
      {
        arn: key,
        name: "unknown shape, event: detail.state",
        kind: "unparsed",
        severity: "P1",
        state: "ALARM",
        red: true,
        since: at(0),
        changedAt: at(0),
        deleted: false,
        mute: null,
        flapping: false,
        insufficientSince: null,
        spans: [{ from: at(0), until: null }],
        untagged: false,
      },
    ]);
    expect(pages(life)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("are one incident, however many come: twenty more are each a line with its delivery", () => {
    const life = createLife({ key });
    for (let minutes = 0; minutes < 30; minutes++) comes(life, minutes, `${minutes}`);
    const entries = life.decisions.flatMap((decision) => decision.entries.map(({ entry }) => entry));
    expect(entries.map(({ raw }) => raw)).toEqual(Array.from({ length: 21 }, (_, index) => `${index}`));
    const another = "joined: another of unknown shape, event: detail.state is missing";
    expect([timeline(life)[1], timeline(life)[19]]).toEqual([`+1 ${another}`, `+19 ${another}`]);
    expect(timeline(life).at(-1)).toBe(`+20 ${another}; further ones are in the log alone`);
    expect(pages(life)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("resolve by hand alone, and the next opens another incident", () => {
    const life = createLife({ key });
    comes(life, 0);
    life.does(at(1), { type: "acknowledge", by: "Ada" });
    life.until(at(120));
    expect(life.incident.status).toBe("acknowledged");
    life.does(at(121), { type: "resolve", by: "Ada", text: "mended" });
    comes(life, 122);
    expect(life.incident).toMatchObject({ status: "open", openedAt: at(122) });
  });

  test("have clocks like any other", () => {
    const life = createLife({ key });
    comes(life, 0);
    life.until(at(15));
    expect(pages(life)).toEqual(["+0 opened P1 operations-1", "+15 reminded P1 operations-1"]);
  });

  test("are as bad as the configuration says", () => {
    const life = createLife({ key, policy: policyWith({ incidents: { unparsedSeverity: "P0" } }) });
    comes(life, 0);
    expect(life.incident).toMatchObject({ severity: "P0", alarmSeverity: "P0" });
    expect(pages(life)).toEqual(["+0 opened P0 operations-1"]);
  });
});
