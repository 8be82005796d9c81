import { describe, expect, test } from "vitest";
import type { AlarmState, Mute } from "../../shared/delivery/types.ts";
import {
  type AlarmRecord,
  blankRecord,
  end,
  flaps,
  type Heard,
  hear,
  insufficientSince,
  isLetGo,
  isRed,
  isStale,
  lastTransition,
  newestChange,
  shownState,
  sourceOf,
  spansOf,
} from "../../shared/incident/record.ts";

// What is known of one alarm, voice by voice. Stamps are small numbers here.

type Word = [state: AlarmState, at: number, more?: Partial<Heard>];
const blank = blankRecord("arn", "cpu", "alarm");
const heard = ([state, at, more = {}]: Word): Heard => ({
  ...{ state, at, mute: null, source: "", provesNoMute: false },
  ...more,
});
const knowing = (...words: Word[]): AlarmRecord => words.reduce((record, word) => hear(record, heard(word)), blank);
const of = (source: string) => ({ source });
const mute: Mute = { by: "window", until: 100 };
const spans = (record: AlarmRecord) => spansOf(record).map(({ from, until }) => [from, until]);

test("a blank record has said nothing, is not deleted, and is OK", () => {
  expect(blank).toMatchObject({ deleted: false, ends: [], sources: {}, parents: [], children: [], version: 0 });
  expect([isRed(blank), shownState(blank), newestChange(blank), lastTransition(blank)]).toEqual([false, "OK", 0, 0]);
});

describe("a transition is stale", () => {
  test.each<[string, AlarmRecord, Word, boolean]>([
    ["never, when it is the first of its voice", knowing(), ["OK", 1], false],
    ["when it is older than the newest change", knowing(["ALARM", 5]), ["OK", 4], true],
    ["not when it is of the same stamp", knowing(["ALARM", 5]), ["OK", 5], false],
    ["not when only INSUFFICIENT_DATA has overtaken it", knowing(["INSUFFICIENT_DATA", 5]), ["ALARM", 4], false],
    [
      "as INSUFFICIENT_DATA when anything is newer",
      knowing(["OK", 1], ["INSUFFICIENT_DATA", 5]),
      ["INSUFFICIENT_DATA", 4],
      true,
    ],
    ["not by what another voice said", knowing(["ALARM", 5]), ["OK", 4, of("x")], false],
    ["when it is older than a deletion", end(knowing(), 5, true), ["ALARM", 4], true],
    ["not at the stamp of a deletion", end(knowing(), 5, true), ["ALARM", 5], false],
  ])("%s", (_, record, word, expected) => {
    expect(isStale(record, heard(word))).toBe(expected);
  });
});

describe("what was heard", () => {
  test("is the voice's newest state, whatever comes late; of two at one stamp the later told", () => {
    expect(sourceOf(knowing(["ALARM", 5], ["OK", 4]), "")).toMatchObject({ state: "ALARM", at: 5 });
    expect(sourceOf(knowing(["ALARM", 5], ["OK", 5]), "")).toMatchObject({ state: "OK", at: 5 });
  });

  test("is remembered in order, each change once, and INSUFFICIENT_DATA is none", () => {
    const record = knowing(["OK", 3], ["ALARM", 1], ["OK", 3], ["INSUFFICIENT_DATA", 4]);
    expect(sourceOf(record, "")?.history).toEqual([
      { at: 1, red: true },
      { at: 3, red: false },
    ]);
    expect(newestChange(knowing(["ALARM", 7], ["OK", 9, of("x")]))).toBe(9);
    expect(newestChange(knowing(["INSUFFICIENT_DATA", 4]))).toBe(0);
  });

  test("counts as a transition when it changes the state: not stale, not said again", () => {
    const stamps = (record: AlarmRecord) => sourceOf(record, "")?.transitions;
    expect(stamps(knowing(["OK", 1]))).toEqual([1]);
    expect(stamps(knowing(["ALARM", 1], ["ALARM", 2]))).toEqual([1]);
    expect(stamps(knowing(["ALARM", 5], ["OK", 4]))).toEqual([5]);
    // INSUFFICIENT_DATA makes nothing stale, so what comes late after it counts, in its place.
    expect(stamps(knowing(["INSUFFICIENT_DATA", 5], ["ALARM", 4]))).toEqual([4, 5]);
  });

  test("is forgotten beyond forty changes and twenty transitions, and sooner where there are many voices", () => {
    const words = Array.from({ length: 50 }, (_, index): Word => [index % 2 === 0 ? "ALARM" : "OK", index + 1]);
    const alone = sourceOf(knowing(...words), "");
    expect([alone?.history.length, alone?.history[0]?.at]).toEqual([40, 11]);
    expect([alone?.transitions.length, alone?.transitions[0]]).toEqual([20, 31]);
    const voices = (count: number) =>
      Array.from({ length: count }, (_, index): Word => ["OK", 1, of(`series-${index}`)]);
    expect(sourceOf(knowing(...voices(49), ...words), "")?.history).toHaveLength(40);
    const crowded = sourceOf(knowing(...voices(51), ...words), "");
    expect([crowded?.history.length, crowded?.transitions.length]).toEqual([4, 8]);
  });

  test("of more than five hundred contributors forgets the oldest that is not red, and never the alarm itself", () => {
    const red: Word = ["ALARM", 1, of("red")];
    const calm = Array.from({ length: 498 }, (_, index): Word => ["OK", 1_000 - index, of(`series-${index}`)]);
    const full = knowing(["OK", 0], red, ...calm);
    expect(Object.keys(full.sources)).toHaveLength(500);
    const next = hear(full, heard(["OK", 2_000, of("one more")]));
    expect(Object.keys(next.sources)).toHaveLength(500);
    expect(Object.keys(next.sources)).toEqual(
      expect.arrayContaining(["", "red", "series-0", "series-496", "one more"]),
    );
    expect(sourceOf(next, "series-497")).toBeUndefined();
  });
});

describe("an alarm is red", () => {
  test.each<[string, AlarmRecord, (number | null)[][]]>([
    ["from ALARM to OK", knowing(["ALARM", 1], ["OK", 3]), [[1, 3]]],
    ["until its first OK, however often it is said", knowing(["ALARM", 1], ["OK", 3], ["OK", 5]), [[1, 3]]],
    [
      "after its own OK by what a contributor says at the same stamp, whoever spoke first",
      knowing(["ALARM", 1, of("a")], ["OK", 3], ["ALARM", 3, of("a")]),
      [
        [1, 3],
        [3, null],
      ],
    ],
    ["not by an OK alone", knowing(["OK", 3]), []],
    ["still when it has no data", knowing(["ALARM", 1], ["INSUFFICIENT_DATA", 2]), [[1, null]]],
    [
      "once, while one voice after the other is",
      knowing(["ALARM", 1, of("a")], ["ALARM", 2, of("b")], ["OK", 3, of("a")]),
      [[1, null]],
    ],
    [
      "until the last of its contributors is OK",
      knowing(["ALARM", 1, of("a")], ["ALARM", 2, of("b")], ["OK", 3, of("a")], ["OK", 4, of("b")]),
      [[1, 4]],
    ],
    [
      "until it is OK itself, whatever its contributors said",
      knowing(["ALARM", 1, of("a")], ["ALARM", 2], ["OK", 3]),
      [[1, 3]],
    ],
    ["until it was deleted", end(knowing(["ALARM", 1]), 3, true), [[1, 3]]],
  ])("%s", (_, record, expected) => {
    expect(spans(record)).toEqual(expected);
  });
});

describe("a person is shown", () => {
  test.each<[AlarmState, string, AlarmRecord]>([
    ["ALARM", "what is red", knowing(["ALARM", 1])],
    ["ALARM", "what a contributor keeps red", knowing(["ALARM", 1, of("a")])],
    ["OK", "an alarm of which only contributors spoke, all OK", knowing(["ALARM", 1, of("a")], ["OK", 2, of("a")])],
    ["OK", "what was red and was deleted", end(knowing(["ALARM", 1]), 2, true)],
    ["OK", "what was red and was let go", end(knowing(["ALARM", 1]), 2, false)],
    ["INSUFFICIENT_DATA", "what has none, red or not", knowing(["ALARM", 1], ["INSUFFICIENT_DATA", 2])],
    ["OK", "what is OK", knowing(["ALARM", 1], ["OK", 2])],
  ])("%s of %s", (expected, _, record) => {
    expect(shownState(record)).toBe(expected);
  });
});

describe("an end", () => {
  test("is remembered in order, once, eight of them, and unmutes", () => {
    const muted = knowing(["ALARM", 1, { mute }]);
    expect(end(muted, 5, true)).toMatchObject({ ends: [5], deleted: true, mute: null });
    const many = [9, 3, 5, 5, 7, 11, 13, 15, 17, 19].reduce((record, at) => end(record, at, false), blank);
    expect(many.ends).toEqual([5, 7, 9, 11, 13, 15, 17, 19]);
    expect(many.deleted).toBe(false);
    expect(end(end(blank, 1, true), 2, false).deleted).toBe(true);
  });

  test("that is older than what was told since ends nothing of that", () => {
    expect(end(knowing(["ALARM", 5, { mute }]), 4, true)).toMatchObject({ ends: [4], deleted: false, mute });
    expect(end(knowing(["ALARM", 5, { mute }]), 5, true)).toMatchObject({ deleted: true, mute: null });
  });

  test("is over when the alarm is told of again, but not by a want of data or by something older", () => {
    const deleted = end(knowing(["ALARM", 1]), 5, true);
    expect(hear(deleted, heard(["OK", 6])).deleted).toBe(false);
    expect(hear(deleted, heard(["INSUFFICIENT_DATA", 6])).deleted).toBe(true);
    expect(hear(deleted, heard(["ALARM", 4])).deleted).toBe(true);
  });

  test("is the newest that is known of it when nothing was told since", () => {
    expect(lastTransition(end(knowing(["ALARM", 1], ["OK", 3, of("a")]), 5, true))).toBe(5);
    expect(lastTransition(knowing(["ALARM", 1], ["OK", 3, of("a")]))).toBe(3);
  });
});

describe("no data", () => {
  test("is so since its stamp, of an alarm that is red", () => {
    expect(insufficientSince(knowing(["ALARM", 1], ["INSUFFICIENT_DATA", 4]))).toBe(4);
    expect(insufficientSince(knowing(["OK", 1], ["INSUFFICIENT_DATA", 4]))).toBeNull();
    expect(insufficientSince(knowing(["ALARM", 1]))).toBeNull();
  });

  test("lets an alarm go until it is heard of again, or deleted", () => {
    const letGo = end(knowing(["ALARM", 1], ["INSUFFICIENT_DATA", 4]), 9, false);
    expect(isLetGo(letGo)).toBe(true);
    expect(isLetGo(end(knowing(["ALARM", 1], ["INSUFFICIENT_DATA", 9]), 9, false))).toBe(true);
    expect(isLetGo(hear(letGo, heard(["INSUFFICIENT_DATA", 10])))).toBe(false);
    expect(isLetGo(hear(letGo, heard(["OK", 10])))).toBe(false);
    expect(isLetGo(end(letGo, 11, true))).toBe(false);
    expect(isLetGo(knowing(["INSUFFICIENT_DATA", 4]))).toBe(false);
    expect(isLetGo(blank)).toBe(false);
  });
});

describe("a mute", () => {
  test.each<[string, AlarmRecord, Mute | null]>([
    ["comes with the ALARM", knowing(["ALARM", 1, { mute }]), mute],
    ["stays while it has no data", knowing(["ALARM", 1, { mute }], ["INSUFFICIENT_DATA", 2]), mute],
    ["is over when it is OK", knowing(["ALARM", 1, { mute }], ["OK", 2]), null],
    [
      "is over when an action was taken",
      knowing(["ALARM", 1, { mute }], ["ALARM", 2, { mute, provesNoMute: true }]),
      null,
    ],
    ["does not untell what was told", knowing(["ALARM", 1], ["ALARM", 2, { mute }]), null],
    ["begins anew with the next ALARM", knowing(["ALARM", 1], ["OK", 2], ["ALARM", 3, { mute }]), mute],
    ["does not come with what is stale", knowing(["ALARM", 5], ["OK", 6], ["ALARM", 4, { mute }]), null],
  ])("%s", (_, record, expected) => {
    expect(record.mute).toEqual(expected);
  });
});

describe("an alarm flaps", () => {
  const alternating = (...stamps: number[]) =>
    knowing(...stamps.map((at, index): Word => [index % 2 === 0 ? "ALARM" : "OK", at]));

  test.each<[string, AlarmRecord, boolean]>([
    ["by three transitions in a window of ten", alternating(1, 5, 11), true],
    ["not when they take longer", alternating(1, 5, 12), false],
    ["not by two", alternating(1, 2), false],
    ["until it pauses for a window", alternating(1, 2, 3, 13), false],
    ["on, when the pause is shorter", alternating(1, 2, 3, 12), true],
    ["by one of its contributors", knowing(["ALARM", 1, of("a")], ["OK", 2, of("a")], ["ALARM", 3, of("a")]), true],
    [
      "not by all of them together",
      knowing(["ALARM", 1, of("a")], ["ALARM", 2, of("b")], ["ALARM", 3, of("c")]),
      false,
    ],
  ])("%s", (_, record, expected) => {
    expect(flaps(record, 3, 10)).toBe(expected);
  });
});
