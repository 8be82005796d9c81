import { describe, expect, test } from "vitest";
import { incidentsOf } from "../../simulation/report.ts";
import { createStage, incidents, lines, only, paged, policy, policyWith, story } from "./stage.ts";
import { action, arnOf, at, clears, finding, fires, nonsense, tagged, topic } from "./stories.ts";

const ruled = policyWith({
  routing: [{ name: "cpu-is-critical", match: { alarmName: "cpu" }, tier: "critical" }],
  services: { checkout: { tier: "high" } },
});

describe("the tier of an alarm", () => {
  test.each([
    { from: "its routing rule, first", name: "cpu", tags: "low checkout", severity: "P0" },
    { from: "its tag, where no rule gives one", name: "disk", tags: "low checkout", severity: "P3" },
    { from: "its service's default, where it has no tag", name: "disk", tags: " checkout", severity: "P1" },
    { from: "else the fallback: P2", name: "disk", tags: "", severity: "P2" },
    { from: "its service's default, where its tag is none", name: "disk", tags: "urgent checkout", severity: "P1" },
    { from: "else P2, also with a service that has no default", name: "disk", tags: " search", severity: "P2" },
  ])("is $from", async ({ name, tags, severity }) => {
    const world = await story([fires(name, at(0))], { configuration: ruled, tags: tagged({ [name]: tags }) });
    expect(only(world).severity).toBe(severity);
  });

  test("that nothing places is reported as unrouted", async () => {
    const world = await story([fires("disk", at(0))]);
    expect(world.collected.deliveries).toMatchObject({ applied: 1, unrouted: 1 });
    expect(incidentsOf(world)[0]?.timeline[0]?.text).toContain("unrouted");
  });

  test("that something places is not", async () => {
    const world = await story([fires("disk", at(0))], { tags: tagged({ disk: "low" }) });
    expect(world.collected.deliveries.unrouted).toBe(0);
  });
});

describe("an event of unknown shape", () => {
  test("opens P1, and pages at once", async () => {
    const world = await story([nonsense(at(0))], { until: at(10) });
    expect(only(world).severity).toBe("P1");
    expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
  });

  test("is one incident and one page with all others of its door and first failing path, however many come", async () => {
    const world = await story(
      Array.from({ length: 60 }, (_, index) => nonsense(at(0, index), `kind ${index}`)),
      { until: at(10) },
    );
    expect(incidents(world)).toHaveLength(1);
    expect(paged(world)).toEqual(["+0 opened P1 operations-1"]);
    expect(world.collected.deliveries).toMatchObject({ received: 60, unparsed: 60 });
  });

  test("is an incident of its own for each first failing path", async () => {
    const { detail, ...nameless } = fires("cpu", at(1));
    const world = await story([nonsense(at(0)), { ...nameless, detail: { ...detail, alarmName: 7 } }]);
    expect(incidents(world)).toHaveLength(2);
  });

  test("is an incident of its own for each door", async () => {
    const { NewStateValue: _, ...stateless } = topic("cpu", "ALARM", at(0));
    const lambda = action("cpu", "ALARM", at(1));
    const world = await story([stateless, { ...lambda, alarmData: { ...lambda.alarmData, state: {} } }]);
    expect(incidents(world)).toHaveLength(2);
  });

  test("that is delivered twice is one line of the timeline, and another one of its kind is a line of its own", async () => {
    const world = await story([nonsense(at(0)), nonsense(at(0)), nonsense(at(1))]);
    expect(lines(world).filter((type) => type === "opened" || type === "joined")).toEqual(["opened", "joined"]);
    expect(world.collected.deliveries).toMatchObject({ received: 3, unparsed: 3 });
  });

  test("shows twenty more of its kind in its timeline, however long it has been reminded of, and says that there are others", async () => {
    const late = Array.from({ length: 30 }, (_, index) => nonsense(at(24 * 60, index), `kind ${index}`));
    const world = await story([nonsense(at(0)), ...late], { until: at(24 * 60 + 10) });
    const joined = incidentsOf(world)[0]?.timeline.filter(({ type }) => type === "joined") ?? [];
    expect(joined).toHaveLength(20);
    expect(joined.map(({ text }) => text.includes("further ones are in the log alone"))).toEqual([
      ...Array.from({ length: 19 }, () => false),
      true,
    ]);
  });

  test("shows the delivery itself to whoever looks", async () => {
    const world = await story([nonsense(at(0), "something new")]);
    expect(incidentsOf(world)[0]?.timeline[0]?.raw).toContain("something new");
  });

  test("opens another incident once a person has resolved the first", async () => {
    const stage = await createStage();
    await stage.tell(nonsense(at(0)));
    const { key } = only(stage.world);
    await stage.person(at(1), key, { type: "resolve", by: "Ada", text: "the sender was mended" });
    await stage.tell(nonsense(at(60)));
    expect(incidents(stage.world).map(({ status }) => status)).toEqual(["resolved", "open"]);
  });
});

describe("nothing is dropped in silence", () => {
  const documents = [
    fires("cpu", at(0)),
    fires("cpu", at(0)),
    "no object",
    null,
    { Records: [] },
    { Records: [{ eventSource: "aws:sqs", messageId: "1", body: "{" }] },
    { Records: [{ eventSource: "aws:kinesis" }] },
    clears("cpu", at(9)),
    fires("cpu", at(8)),
    finding("raised", at(10), { severity: "P3" }),
  ];

  test("every delivery is applied, a duplicate, stale or unparsed", async () => {
    const { received, applied, duplicates, stale, unparsed } = (await story(documents)).collected.deliveries;
    expect(received).toBe(documents.length);
    expect(applied + duplicates + stale + unparsed).toBe(received);
    expect({ applied, duplicates, stale, unparsed }).toEqual({ applied: 3, duplicates: 1, stale: 1, unparsed: 5 });
  });

  test("what is stale has its line in the timeline", async () => {
    const world = await story([fires("cpu", at(0)), clears("cpu", at(2)), fires("cpu", at(1))]);
    expect(lines(world)).toContain("stale");
  });

  test("a malformed document holds up no other of its batch", async () => {
    const record = (body: string) => ({ eventSource: "aws:sqs", messageId: "1", body });
    const batch = { Records: [record("{"), record(JSON.stringify(fires("cpu", at(0))))] };
    expect(incidents(await story([batch])).map(({ key }) => key)).toContain(arnOf("cpu"));
  });
});

test("what the tiers' severities are is configuration", async () => {
  const configuration = policyWith({ tiers: { medium: { severity: "P1", conditions: [] } } });
  expect(only(await story([fires("cpu", at(0))], { configuration })).severity).toBe("P1");
  expect(policy.tiers.medium.severity).toBe("P2");
});
