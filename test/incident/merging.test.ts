import { describe, expect, test } from "vitest";
import { decideMerge, type Merging } from "../../shared/incident/decide-merge.ts";
import type { Decision, Incident, Thread } from "../../shared/incident/types.ts";
import { all, fires, type Life, lived, mutedUntil, resolved } from "./life.ts";
import { policy } from "./stage.ts";
import { arnOf, at } from "./stories.ts";

const merge = (into: Thread, from: Thread) => decideMerge(into, from, at(10), policy);
const textsOf = ({ entries }: Decision) => entries.map(({ entry }) => `${entry.type}: ${entry.text}`);
const pagesOf = ({ pages }: Decision) => pages.map(({ reason, severity }) => `${reason} ${severity}`);
const namesOf = (incident: Incident | null) => Object.values(incident?.members ?? {}).map(({ name }) => name);
const keptOf = ({ survivor }: Merging) => survivor.thread.incident;

describe("two open incidents that turn out to be one", () => {
  const older = lived("outage", fires("outage", 0));
  const younger = lived("disk", fires("disk", 1));

  test("the older goes on with the alarms of both, and both timelines say so", () => {
    const merging = merge(older, younger);
    const [kept, merged] = [keptOf(merging), merging.younger];
    expect(kept).toMatchObject({ id: older.incident?.id, key: "outage", status: "open" });
    expect(namesOf(kept).sort()).toEqual(["disk", "outage"]);
    expect(textsOf(merging.survivor)).toEqual([
      `merged: ${younger.incident?.id} is the same trouble, and is merged into this one`,
    ]);
    expect(merged?.incident).toMatchObject({ status: "merged", resolution: "merged", mergedInto: kept?.id });
    expect(merged?.incident).toMatchObject({ resolvedAt: at(10), clock: null, entries: 2 });
    expect(merged?.entry).toMatchObject({ n: 2, at: at(10), type: "merged", text: `merged into ${kept?.id}` });
    expect(pagesOf(merging.survivor)).toEqual([]);
  });

  test("the key that is left has nothing any more", () => {
    expect(merge(older, younger).emptied).toEqual({ ...younger, incident: null, echoes: {}, silence: null });
  });

  test("the older goes on under the key that both have, also where it had the other one", () => {
    const merging = merge(younger, older);
    expect(keptOf(merging)).toMatchObject({ id: older.incident?.id, key: "disk" });
    expect(merging.younger?.incident.id).toBe(younger.incident?.id);
  });

  test("of two that are equally old, it does not matter which is which", () => {
    const twin = lived("disk", fires("disk", 0));
    const first = keptOf(merge(older, twin))?.id;
    expect(keptOf(merge(twin, older))?.id).toBe(first);
    expect([older, twin].map(({ incident }) => incident?.id).sort()[0]).toBe(first);
  });

  test("it is raised where the younger is worse and counts, and not otherwise", () => {
    const worse = lived("disk", fires("disk", 1, { severity: "P0" }));
    const merging = merge(older, worse);
    expect(textsOf(merging.survivor)[1]).toBe(`raised: raised from P1 to P0: merged with ${worse.incident?.id}`);
    expect(pagesOf(merging.survivor)).toEqual(["raised P0"]);
    const quiet = lived("disk", fires("disk", 1, { severity: "P0", mute: mutedUntil(at(60)) }));
    expect(keptOf(merge(older, quiet))?.severity).toBe("P1");
    expect(pagesOf(merge(older, quiet).survivor)).toEqual([]);
  });

  test("an older one that counts for nobody yet takes over what the younger has: clocks, severity, who was told", () => {
    const quiet = lived("outage", fires("outage", 0, { severity: "P3", mute: mutedUntil(at(60)) }));
    const kept = keptOf(merge(quiet, younger));
    const { clock, severity, alarmSeverity, firstPageAt, told } = younger.incident ?? {};
    expect(kept).toMatchObject({ active: true, clock, severity, alarmSeverity, firstPageAt, told });
    const outage = lived("b", fires("b", 1, { severity: "P0" }));
    expect(keptOf(merge(quiet, outage))).toMatchObject({ severity: "P0", statusEntry: "investigating" });
    expect(clock).not.toBeNull();
    expect(pagesOf(merge(quiet, younger).survivor)).toEqual([]);
  });

  test("an older one that somebody has before it counts stays with them: no clock starts", () => {
    const quiet = lived("outage", (life) => {
      fires("outage", 0, { mute: mutedUntil(at(60)) })(life);
      life.does(at(1), { type: "acknowledge", by: "Ada" });
    });
    expect(keptOf(merge(quiet, younger))).toMatchObject({ active: true, clock: null, acknowledgedBy: "Ada" });
  });

  test("two that count for nobody do not count together either", () => {
    const muted = (name: string, minutes: number) => lived(name, fires(name, minutes, { mute: mutedUntil(at(60)) }));
    expect(keptOf(merge(muted("a", 0), muted("b", 1)))).toMatchObject({ active: false, clock: null });
  });

  test("whoever was told of either is told of what becomes of it; its own level counts", () => {
    const told = { "operations-1": 1, "payments-1": 1 };
    const both = merge(
      { ...older, incident: older.incident && { ...older.incident, told: { "operations-1": 2 } } },
      { ...younger, incident: younger.incident && { ...younger.incident, told } },
    );
    expect(keptOf(both)?.told).toEqual({ "operations-1": 2, "payments-1": 1 });
  });

  test("it has the service that either has, its own first", () => {
    const own = (service: string | null, name: string, minutes: number) => {
      return lived(name, fires(name, minutes, { service }));
    };
    expect(keptOf(merge(own(null, "a", 0), own("shop", "b", 1)))?.service).toBe("shop");
    expect(keptOf(merge(own("search", "a", 0), own("shop", "b", 1)))?.service).toBe("search");
    expect(keptOf(merge(own("search", "a", 0), own(null, "b", 1)))?.service).toBe("search");
  });
});

describe("two keys that turn out to be one, where not both have an open incident", () => {
  test("only one has any, and that is over: it is counted under the new key", () => {
    const over = lived("disk", resolved("disk", 0));
    expect(keptOf(merge(lived("outage"), over))).toMatchObject({ id: over.incident?.id, key: "outage" });
    expect(keptOf(merge(over, lived("outage")))).toMatchObject({ id: over.incident?.id, key: "disk" });
  });

  test("what is remembered under the other key is not listed by that alone, and what is listed is not remembered", () => {
    const late = (name: string) => (life: Life) => {
      life.clears(name, at(2));
      life.fires(name, at(1), { now: at(3) });
    };
    const merging = merge(lived("outage", fires("outage", 0)), lived("b", all(late("disk"), late("outage"))));
    expect(namesOf(keptOf(merging))).toEqual(["outage"]);
    expect(Object.keys(merging.survivor.thread.echoes)).toEqual([arnOf("disk")]);
  });

  test("none has any: there is none", () => {
    const merging = merge(lived("a"), lived("b"));
    expect([keptOf(merging), merging.younger]).toEqual([null, null]);
    expect(merging.survivor.entries).toEqual([]);
  });

  test("the only one is counted under the new key, and says so", () => {
    const merging = merge(lived("outage"), lived("disk", fires("disk", 0)));
    expect(textsOf(merging.survivor)).toEqual(["noted: is counted under outage from now on"]);
    expect(keptOf(merging)).toMatchObject({ key: "outage", service: null, status: "open" });
  });

  test("the only one that has the key already changes in nothing", () => {
    const thread = lived("outage", fires("outage", 0));
    const merging = merge(thread, lived("disk"));
    expect(merging.survivor.entries).toEqual([]);
    expect(merging.survivor.thread).toEqual(thread);
  });

  test("an open one goes before one that is over, and says that there was another", () => {
    const open = lived("outage", fires("outage", 5));
    const over = lived("disk", resolved("disk", 0));
    const merging = merge(open, over);
    expect(keptOf(merging)?.id).toBe(open.incident?.id);
    expect(textsOf(merging.survivor)).toEqual(["noted: is counted together with disk"]);
    const other = merge(lived("outage", resolved("outage", 0)), lived("disk", fires("disk", 9)));
    expect(textsOf(other.survivor)).toEqual(["noted: is counted under outage from now on"]);
    expect(other.younger).toBeNull();
  });

  test("of two that are over the later one stays, and says nothing where it had the key", () => {
    const early = lived("disk", resolved("disk", 0));
    const late = lived("outage", resolved("outage", 2));
    expect(keptOf(merge(late, early))?.id).toBe(late.incident?.id);
    expect(merge(late, early).survivor.entries).toEqual([]);
    expect(keptOf(merge(early, late))).toMatchObject({ id: late.incident?.id, key: "disk" });
    expect(namesOf(keptOf(merge(early, late)))).toEqual(["outage"]);
    const same = lived("outage", resolved("outage", 0));
    expect(keptOf(merge(same, early))?.id).toBe(same.incident?.id);
  });

  test("an alarm of the one that is over is listed if it was red near enough, else remembered", () => {
    const near = merge(lived("outage", fires("outage", 8)), lived("disk", resolved("disk", 0)));
    expect(namesOf(keptOf(near)).sort()).toEqual(["disk", "outage"]);
    const far = merge(lived("outage", fires("outage", 90)), lived("disk", resolved("disk", 0)));
    expect(namesOf(keptOf(far))).toEqual(["outage"]);
    expect(Object.keys(far.survivor.thread.echoes)).toEqual([arnOf("disk")]);
  });

  describe("one that a person resolved while an alarm was red", () => {
    const byHand = (life: Life) => {
      life.fires("disk", at(6));
      life.does(at(7), { type: "resolve", by: "Ada", text: "it is the disk again" });
    };
    const andThenOk = (life: Life) => {
      byHand(life);
      life.clears("disk", at(8));
    };

    test("what came after that counts: the alarm that is OK since does not hold the open one", () => {
      const kept = keptOf(merge(lived("outage", fires("outage", 9)), lived("disk", andThenOk)));
      expect(kept?.members[arnOf("disk")]).toMatchObject({ state: "OK", red: false });
      expect(kept?.members[arnOf("outage")]?.red).toBe(true);
    });

    test("the alarm that still is red does not hold the open one either: only its next transition counts", () => {
      expect(namesOf(keptOf(merge(lived("outage", fires("outage", 9)), lived("disk", byHand))))).toEqual(["outage"]);
    });

    test("where the other is over too, what came after is not forgotten", () => {
      const merging = merge(lived("outage", resolved("outage", 0)), lived("disk", andThenOk));
      expect(keptOf(merging)).toMatchObject({ key: "outage", resolution: "by-hand" });
      expect(merging.survivor.thread.echoes[arnOf("disk")]).toMatchObject({ state: "OK", red: false });
    });
  });

  test("it has the service that either has", () => {
    const open = lived("disk", fires("disk", 9));
    const over = lived("shop", all(fires("cpu", 0, { service: "shop" }), resolved("cpu", 1)));
    expect(keptOf(merge(over, open))).toMatchObject({ key: "shop", service: "shop" });
    const served = lived("disk", fires("disk", 9, { service: "search" }));
    expect(keptOf(merge(over, served))).toMatchObject({ key: "shop", service: "search" });
  });

  test("what is remembered and what is silenced of either is so of both", () => {
    const silence = { by: "Ada", reason: "work", until: at(60) };
    const quiet = lived("a", (life) => life.does(at(0), { type: "silence", ...silence }));
    const known = lived("b", (life) => life.clears("disk", at(0)));
    expect(merge(quiet, known).survivor.thread).toMatchObject({ key: "a", silence });
    expect(merge(known, quiet).survivor.thread).toMatchObject({ key: "b", silence });
    const other = { ...silence, by: "Bob" };
    expect(merge(quiet, { ...known, silence: other }).survivor.thread.silence).toEqual(silence);
  });
});
