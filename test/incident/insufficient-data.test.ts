import { describe, expect, test } from "vitest";
import { day, minute } from "../../shared/instant.ts";
import { alarmsOf, createStage, incidents, incidentUnder, lines, only, paged, policyWith, story } from "./stage.ts";
import { arnOf, at, blinds, clears, fires, tagged } from "./stories.ts";

const tags = tagged({ cpu: "high" });
const cpu = arnOf("cpu");
const blindKey = `escalate-incidents|blind-alarm|${cpu}`;

describe("INSUFFICIENT_DATA", () => {
  test("opens nothing, and pages nobody", async () => {
    const world = await story([blinds("cpu", at(0))], { tags });
    expect(incidents(world)).toEqual([]);
    expect(paged(world)).toEqual([]);
  });

  test("pages nobody when a red alarm comes to it", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)));
    await stage.person(at(1), cpu, { type: "acknowledge", by: "Ada" });
    await stage.tell(
      blinds("cpu", at(2), { previous: "ALARM" }),
      fires("cpu", at(20), { previous: "INSUFFICIENT_DATA" }),
    );
    await stage.until(at(60));
    expect(paged(stage.world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("does not resolve: an alarm that was red stays red", async () => {
    const world = await story([fires("cpu", at(0)), blinds("cpu", at(2), { previous: "ALARM" })], {
      tags,
      until: at(600),
    });
    expect(only(world).status).toBe("open");
    expect(alarmsOf(only(world))).toEqual({ cpu: "INSUFFICIENT_DATA" });
  });

  test("leaves an alarm that was OK recovered: the stability window runs on", async () => {
    const documents = [fires("cpu", at(0)), clears("cpu", at(2)), blinds("cpu", at(4))];
    expect(only(await story(documents, { tags }))).toMatchObject({ status: "resolved", resolvedAt: at(7) });
  });

  test("leaves the clocks of a red one running", async () => {
    const documents = [fires("cpu", at(0)), blinds("cpu", at(2), { previous: "ALARM" })];
    expect(paged(await story(documents, { tags, until: at(61) }))).toEqual([
      "+0 opened P1 operations-1",
      "+15 reminded P1 operations-1",
      "+60 escalated P1 operations-2",
    ]);
  });

  test("is followed by OK as ALARM is", async () => {
    const documents = [
      fires("cpu", at(0)),
      blinds("cpu", at(2), { previous: "ALARM" }),
      clears("cpu", at(10), { previous: "INSUFFICIENT_DATA" }),
    ];
    expect(only(await story(documents, { tags })).resolvedAt).toBe(at(15));
  });

  test("of an alarm that is OK is followed by ALARM as OK is", async () => {
    const documents = [blinds("cpu", at(0)), fires("cpu", at(2), { previous: "INSUFFICIENT_DATA" })];
    expect(paged(await story(documents, { tags, until: at(3) }))).toEqual(["+2 opened P1 operations-1"]);
  });
});

describe("an alarm that has been red without data for 24 h", () => {
  const blind = [fires("cpu", at(0)), blinds("cpu", at(10), { previous: "ALARM" })];

  test("is let go, and its incident resolves after the stability window", async () => {
    const world = await story(blind, { tags, until: at(20) + day });
    const incident = incidentUnder(world, cpu);
    expect(incident).toMatchObject({ status: "resolved", resolvedAt: at(15) + day });
    expect(lines(world, incident.id)).toContain("blind");
  });

  test("is reported by a P3 finding", async () => {
    const world = await story(blind, { tags, until: at(20) + day });
    expect(incidentUnder(world, blindKey)).toMatchObject({ kind: "finding", severity: "P3", status: "open" });
  });

  test("is not let go a minute before", async () => {
    const world = await story(blind, { tags, until: at(9) + day });
    expect(only(world)).toMatchObject({ key: cpu, status: "open" });
  });

  test("is not let go when data came back meanwhile", async () => {
    const documents = [...blind, fires("cpu", at(60), { previous: "INSUFFICIENT_DATA" })];
    expect(only(await story(documents, { tags, until: at(70) + day })).status).toBe("open");
  });

  test("counts the 24 h from its last INSUFFICIENT_DATA", async () => {
    const documents = [
      ...blind,
      fires("cpu", at(60), { previous: "INSUFFICIENT_DATA" }),
      blinds("cpu", at(70), { previous: "ALARM" }),
    ];
    expect(incidentUnder(await story(documents, { tags, until: at(50) + day }), cpu).status).toBe("open");
  });

  test("opens an incident again when it is red later", async () => {
    const documents = [...blind, fires("cpu", at(100) + day, { previous: "INSUFFICIENT_DATA" })];
    const world = await story(documents, { tags, until: at(101) + day });
    expect(incidentUnder(world, cpu)).toMatchObject({ status: "open", openedAt: at(100) + day });
  });

  test("as long as the configuration says", async () => {
    const configuration = policyWith({ incidents: { blindAfterMinutes: 60, blindSeverity: "P2" } });
    const world = await story(blind, { tags, configuration, until: at(10) + 66 * minute });
    expect(incidentUnder(world, cpu)).toMatchObject({ status: "resolved", resolvedAt: at(75) });
    expect(incidentUnder(world, blindKey).severity).toBe("P2");
  });
});
