import { describe, expect, test } from "vitest";
import { createStage, incidents, incidentUnder, only, paged } from "./stage.ts";
import { arnOf, at, change, clears, fires, tagged } from "./stories.ts";

// What a person does, by the incident's id, as it stands in their page.

const tags = tagged({ cpu: "critical", disk: "high", outage: "high" });
const ada = { type: "acknowledge", by: "Ada" } as const;
const rule = "ALARM(disk)";

describe("a person acts on the incident of a page", () => {
  test("by its id", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)));
    expect(await stage.answer(at(1), only(stage.world).id, ada)).toBeNull();
    expect(only(stage.world)).toMatchObject({ status: "acknowledged", acknowledgedBy: "Ada", acknowledgedAt: at(1) });
  });

  test("also when it was merged: what they say holds for the one it was merged into", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("disk", at(0)), fires("outage", at(1), { rule: "ALARM(other)" }));
    const younger = incidentUnder(stage.world, arnOf("outage")).id;
    await stage.tell(change("outage", "update", at(2), rule));
    expect(await stage.answer(at(3), younger, ada)).toBeNull();
    const [older] = incidents(stage.world);
    expect(older).toMatchObject({ status: "acknowledged", openedAt: at(0) });
    await stage.until(at(600));
    expect(paged(stage.world)).toHaveLength(2);
  });

  test("and is told when there is no such incident", async () => {
    const stage = await createStage({ tags });
    expect(await stage.answer(at(1), "cpu-20260601T100000-12345678", ada)).toContain("there is no incident");
  });

  test("and is told when it is over", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)), clears("cpu", at(1)));
    expect(await stage.answer(at(20), only(stage.world).id, ada)).toContain("resolved");
  });

  test("and does not act on another incident that has its key now", async () => {
    const stage = await createStage({ tags });
    await stage.tell(fires("cpu", at(0)), clears("cpu", at(1)), fires("cpu", at(60)));
    const [first, second] = incidents(stage.world);
    expect(await stage.answer(at(61), first?.id ?? "", ada)).toContain("over");
    expect(incidents(stage.world)[1]).toMatchObject({ id: second?.id, status: "open" });
  });
});
