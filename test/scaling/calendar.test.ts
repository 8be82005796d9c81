import { describe, expect, test } from "vitest";
import { floorOf, freezeOf } from "../../shared/scaling/calendar.ts";
import {
  busy,
  calm,
  configurationWith,
  createScene,
  desired,
  idle,
  measure,
  onceBefore,
  pass,
  told,
  toldDecisions,
} from "./scene.ts";

const working = ["monday", "tuesday", "wednesday", "thursday", "friday"];
const mornings = { name: "mornings", targets: "*", days: working, from: "08:00", to: "18:00", minimum: 6 };
const night = { name: "release-night", targets: "check*", from: "22:00", to: "06:00" };

const at = (text: string) => Date.parse(text);

describe("a floor", () => {
  const configuration = configurationWith({
    floors: [mornings, { ...mornings, name: "noon", from: "12:00", to: "13:00", minimum: 9 }],
  });
  const berlin = { ...configuration, calendar: { ...configuration.calendar, timeZone: "Europe/Berlin" } };

  test.each([
    ["before it begins", "2027-03-15T06:59:59Z", null],
    ["from its first moment on", "2027-03-15T07:00:00Z", 6],
    ["the highest where there are several", "2027-03-15T11:30:00Z", 9],
    ["until it ends, which is not part of it", "2027-03-15T17:00:00Z", null],
    ["on other days", "2027-03-14T09:00:00Z", null],
    ["an hour earlier in summer", "2027-03-29T06:00:00Z", 6],
  ])("in its time zone: %s", (_, when, minimum) => {
    expect(floorOf("checkout", at(when), berlin)?.minimum ?? null).toBe(minimum);
  });
});

describe("a freeze", () => {
  const dated = { ...night, dates: ["2027-03-18"] };
  const configuration = configurationWith({ freezes: [dated] });
  const utc = { ...configuration, calendar: { ...configuration.calendar, timeZone: "UTC" } };

  test.each([
    ["before", "2027-03-18T21:59:59Z", false],
    ["before midnight", "2027-03-18T22:00:00Z", true],
    ["after midnight, on the next day", "2027-03-19T05:59:59Z", true],
    ["not any more", "2027-03-19T06:00:00Z", false],
    ["nor on the next night", "2027-03-19T23:00:00Z", false],
    ["nor in the night that ends on its date", "2027-03-18T03:00:00Z", false],
  ])("over midnight: %s", (_, when, isFrozen) => {
    expect(freezeOf("checkout", at(when), utc) !== null).toBe(isFrozen);
  });

  test("is about the targets that it names", () => {
    expect(freezeOf("search", at("2027-03-18T23:00:00Z"), utc)).toBeNull();
    expect(freezeOf("checkout", at("2027-03-18T23:00:00Z"), utc)).toBe("release-night (22:00 to 06:00 UTC)");
  });

  test("lets nothing be done, whatever the metrics say", async () => {
    const begins = at("2027-03-18T21:58:00Z");
    const account = await createScene(utc, begins);
    measure(account, calm);
    await pass(account, 30, busy);
    expect(account.changes).toEqual([]);
    expect(toldDecisions(account).at(-1)).toBe("hold checkout: freeze");
  });
});

describe("a floor of a service that is far from everything", () => {
  const begins = at("2027-03-15T07:30:00Z");
  const configuration = configurationWith({ floors: [mornings] });
  const utc = { ...configuration, calendar: { ...configuration.calendar, timeZone: "UTC" } };

  test("is there in its first minute, and the capacity goes down again when it has ended", async () => {
    const account = await createScene(utc, begins);
    measure(account, idle);
    account.ecs.service("shop", "checkout").desiredCount = 2;
    await pass(account, 29, idle);
    expect(desired(account)).toBe(2);
    await pass(account, 1, idle);
    expect(desired(account)).toBe(6);
    await pass(account, 30, idle);
    expect(desired(account)).toBe(6);
    expect(toldDecisions(account).at(-1)).toBe("hold checkout: minimum");
    account.clock.at = at("2027-03-15T17:59:00Z");
    measure(account, idle);
    await pass(account, 60, idle);
    expect(desired(account)).toBeLessThan(6);
    expect(told(account)).toEqual([]);
  });

  test("that raised the capacity soon after a scale-in is no regret of it", async () => {
    const account = await createScene(utc, begins);
    measure(account, idle);
    await pass(account, 31, idle);
    expect(toldDecisions(account).filter((each) => !each.startsWith("hold"))).toEqual([
      "in checkout 4 to 3",
      "in checkout 3 to 2",
      "out checkout 2 to 6",
    ]);
  });
});

test("what is frozen while a minute is evaluated is not done any more", async () => {
  const account = await createScene(configurationWith({ freezes: [night] }), at("2027-03-15T21:59:58Z"));
  measure(account, busy);
  onceBefore(account, "GetMetricData", () => {
    account.clock.at = at("2027-03-15T22:00:00Z");
  });
  await account.tick();
  expect(desired(account)).toBe(4);
  expect(toldDecisions(account)).toEqual(["hold checkout: freeze"]);
});
