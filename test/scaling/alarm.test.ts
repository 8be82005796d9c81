import { describe, expect, test } from "vitest";
import { type AlarmState, alarmState, type Breach, type MissingDataTreatment } from "../../shared/scaling/alarm.ts";

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both tables: the newest
// point on the right, `0` within the threshold, `X` beyond it, `-` not there; "retain" keeps the state that was.

type Expected = AlarmState | "retain";

const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const satisfies MissingDataTreatment[];
const states = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const satisfies AlarmState[];

function periods(drawing: string): Breach[] {
  return drawing.split(" ").map((mark) => (mark === "-" ? null : mark === "X"));
}

function expectStates(drawing: string, datapointsToAlarm: number, expected: readonly Expected[]): void {
  for (const [index, treatMissingData] of treatments.entries()) {
    for (const current of states) {
      const state = alarmState(
        periods(drawing),
        { evaluationPeriods: 3, datapointsToAlarm, treatMissingData },
        current,
      );
      const says = expected[index];
      expect(state, `${drawing} as ${treatMissingData} after ${current}`).toBe(says === "retain" ? current : says);
    }
  }
}

describe("the published tables, missing / ignore / breaching / notBreaching", () => {
  test.each<[string, Expected[]]>([
    ["0 - X - X", ["OK", "OK", "OK", "OK"]],
    ["0 - - - -", ["OK", "OK", "OK", "OK"]],
    ["- - - - -", ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]],
    ["0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["- - X - -", ["ALARM", "retain", "ALARM", "OK"]],
  ])("3 of 3: %s", (drawing, expected) => expectStates(drawing, 3, expected));

  test.each<[string, Expected[]]>([
    ["0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
    ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
    ["- - - X -", ["ALARM", "retain", "ALARM", "OK"]],
  ])("2 of 3: %s", (drawing, expected) => expectStates(drawing, 2, expected));
});

describe("what the guide says beside its tables", () => {
  test.each<[string, string, Expected[]]>([
    [
      "a breach that is new may be contradicted by the next point",
      "- - - - X",
      ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"],
    ],
    ["and by the one after it", "- - - X -", ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]],
    ["when it is contradicted, all is well", "- - - X 0", ["OK", "OK", "OK", "OK"]],
    ["even if that is older than the evaluated periods", "- - X - 0", ["OK", "OK", "OK", "OK"]],
    ["one old breach is enough, an earlier table says", "X - - - -", ["ALARM", "retain", "ALARM", "OK"]],
  ])("%s: 3 of 3, %s", (_, drawing, expected) => expectStates(drawing, 3, expected));

  test("points older than the evaluation range are not there", () => {
    expectStates("X X X 0 - - - - -", 3, ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]);
  });

  test("fewer periods than an alarm evaluates are all that there is", () => {
    expectStates("X X", 2, ["ALARM", "ALARM", "ALARM", "ALARM"]);
    expectStates("X", 2, ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]);
  });
});
