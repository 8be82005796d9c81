import { expect, test } from "vitest";
import { Broken } from "../../shared/failures.ts";
import { blankThread } from "../../shared/incident/blank.ts";
import { amend, draftOf, incidentOf } from "../../shared/incident/draft.ts";
import { policy } from "./stage.ts";
import { at } from "./stories.ts";

// What a decision must never ask for is our own bug, and says what is missing.

const draft = draftOf(blankThread("shop"), at(0), policy);

test("the incident of a thread that has none", () => {
  expect(() => incidentOf(draft)).toThrow(new Broken("the thread shop has no incident"));
});

test("a change to an entry that was not written", () => {
  expect(() => amend(draft, { active: true })).toThrow(new Broken("there is no entry to amend"));
});
