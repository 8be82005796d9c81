import type { AlarmState } from "../shared/delivery/types.ts";
import { type Instant, iso } from "../shared/instant.ts";
import { actionOf, deletionOf, eventOf, type Happening } from "../simulation/documents.ts";
import { account, region } from "./process.ts";

// What CloudWatch would send of an alarm of the sandbox, in the words of the simulation.

const place = { account, region };

export function stateChangeEvent(name: string, state: "ALARM" | "OK", at: Instant): object {
  return eventOf(happening(name, state, at), crypto.randomUUID(), place);
}

export function contributorEvent(name: string, at: Instant): object {
  const contributor = { id: "6d442278dba546f6", attributes: { InstanceId: "i-0123456789" } };
  return eventOf({ ...happening(name, "ALARM", at), contributor }, crypto.randomUUID(), place);
}

export function deletionEvent(name: string, at: Instant): object {
  return deletionOf(alarmNamed(name), at, crypto.randomUUID(), place);
}

export function actionDocument(name: string, at: Instant): object {
  return actionOf(happening(name, "ALARM", at), place);
}

/** What an auditing operation puts on the findings bus. */
export function findingDetail(resource: string, at: Instant): object {
  return {
    ...{ version: 1, operation: "sandbox", rule: "proof", resource, state: "raised", severity: "P2" },
    ...{ message: "a finding from the sandbox", remedy: "none: it is a proof", at: iso(at) },
  };
}

function happening(name: string, state: AlarmState, at: Instant): Happening {
  const previous = state === "ALARM" ? "OK" : "ALARM";
  return { alarm: alarmNamed(name), state, previous, at, reason: "Threshold Crossed", mute: null };
}

function alarmNamed(name: string): Happening["alarm"] {
  return { name, tags: {}, namespace: "Sandbox", metric: "Load" };
}
