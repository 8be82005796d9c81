import type { Verdict } from "../../shared/backups/types.ts";
import { minute } from "../../shared/instant.ts";
import { type Case, nowOf, policyOf } from "./scene.ts";

// Whether a verdict is wrong, by what a case says of what would be lost: nothing of the code that judges is used. And what two
// simple rules, which many go by, would have said of the same case.

export type Mistake = "false MET" | "false BREACHED" | null;

/** By the policy, minutes that may be lost. */
const objectives = { development: 1_440, testing: 1_440, staging: 240, production: 5 };
const toleranceMinutes = 1;

export function mistakeOf(each: Case, verdict: Verdict): Mistake {
  const tag = each.evidence.resource.tags?.["nightshift:environment"];
  const environment = tag === "staging" || tag === "production" ? tag : (each.environment ?? "production");
  const isKept = each.lostMinutes <= objectives[environment] + toleranceMinutes;
  if (verdict === "MET" && !isKept) return "false MET";
  // Nobody is to be woken for what is kept, or for what nobody is owed.
  return verdict === "BREACHED" && (isKept || each.verdict === "EXEMPT") ? "false BREACHED" : null;
}

/** The age of the newest point, whatever its status. */
export function byNewestPoint(each: Case): Verdict {
  const { environment, configurations } = policyOf(each);
  const objectiveMs = configurations[environment].environment.recoveryPointObjectiveMinutes * minute;
  const newest = Math.max(...each.evidence.points.map(({ createdAt }) => createdAt));
  return nowOf(each) - newest <= objectiveMs ? "MET" : "BREACHED";
}

/** The newest job is COMPLETED. */
export function byLastJob({ lastJob }: Case): Verdict {
  return lastJob === "COMPLETED" ? "MET" : "BREACHED";
}
