import { describe, expect, test } from "vitest";
import { isSuperfluous } from "../../shared/incident/superfluous.ts";
import type { Incident } from "../../shared/incident/types.ts";
import type { Severity } from "../../shared/severity.ts";
import { createLife } from "./life.ts";
import { at } from "./stories.ts";

describe("a page that was not sent yet is superfluous", () => {
  const plain = {
    reason: "opened",
    episode: 1,
    severity: "P1",
    createdAt: at(5),
    despiteAcknowledgement: false,
  } as const;
  const life = createLife();
  life.fires("cpu", at(0));
  const { incident } = life;
  test.each<[string, Partial<Parameters<typeof isSuperfluous>[0]>, Partial<Incident>, boolean]>([
    ["not at first", {}, {}, false],
    ["when its incident was merged", {}, { status: "merged" }, true],
    ["when somebody has acknowledged", {}, { acknowledgedAt: at(6) }, true],
    ["not by that if it is for whom a raise adds", { despiteAcknowledgement: true }, { acknowledgedAt: at(6) }, false],
    ["when a worse page was written since", {}, { raisedAt: at(5), severity: "P0" }, true],
    ["not when it is as bad itself", { severity: "P0" }, { raisedAt: at(5), severity: "P0" }, false],
    ["not when it was written after the raise", {}, { raisedAt: at(4), severity: "P0" }, false],
    ["not when nothing was raised", {}, { raisedAt: null, severity: "P0" as Severity }, false],
    ["as the news of an end, when it goes on", { reason: "resolved" }, { status: "open" }, true],
    [
      "not as the news of an end that holds",
      { reason: "resolved" },
      { status: "resolved", acknowledgedAt: at(1) },
      false,
    ],
  ])("%s", (_, change, state, expected) => {
    expect(isSuperfluous({ ...plain, ...change }, { ...incident, ...state })).toBe(expected);
  });
});
