// Which events the deployed rules let through. The simulation has no EventBridge: it puts the documents of
// simulation/documents.ts into its queue as if they had passed. That they do is claimed here.

import { describe, expect } from "vitest";
import { deletionOf, eventOf, findingOf, type Happening, strangeOf } from "../../simulation/documents.ts";
import { estate } from "../../simulation/estate.ts";
import { type Claims, createClaims, type Exceptions } from "./claims.ts";
import type { Deployed } from "./deployed.ts";

export interface RuleConnection {
  /** Whether the event passes, by the service's own word for it. */
  passes(pattern: object, event: object): Promise<boolean>;
  /** The bodies in the queue that a rule with this pattern leads to, when these events are put onto its bus. */
  route(pattern: object, events: readonly object[]): Promise<string[]>;
}

export type ConnectRules = () => Promise<RuleConnection>;

export function rulesContract(
  name: string,
  connect: ConnectRules,
  rules: () => Deployed["rules"],
  exceptions: Exceptions = {},
): void {
  describe(`${name}: rules`, () => {
    const claims = createClaims(name, exceptions);
    passing(claims, connect, rules);
    routed(claims, connect, rules);
    claims.end();
  });
}

const at = Date.UTC(2026, 0, 1);

function eventsOfAlarms(): Record<string, object> {
  const [alarm] = estate;
  if (alarm === undefined) throw new Error("the estate has no alarm");
  const happening: Happening = { alarm, state: "ALARM", previous: "OK", at, reason: "too high", mute: null };
  const contributor = { id: "6d442278dba546f6", attributes: { InstanceId: "i-0123456789" } };
  const rule = `arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:night`;
  return {
    "a change of state": eventOf(happening, "1"),
    "a change of state of a contributor": eventOf({ ...happening, contributor }, "2"),
    "a change of state that is muted by a rule": eventOf({ ...happening, mute: { by: rule, until: at } }, "3"),
    "a change of state that is suppressed": eventOf({ ...happening, mute: { by: "WaitPeriod", until: null } }, "4"),
    "a deletion": deletionOf(alarm, at, "5"),
    "a change of state of unknown shape": strangeOf(at),
  };
}

/** Changed in one respect each, so that it is no business of ours. */
function strangersOf(event: object): Record<string, object> {
  return {
    "the same event from aws.monitoring": { ...event, source: "aws.monitoring" },
    "the same event from somebody else": { ...event, source: "aws.cloudwatch.else" },
    "another event of CloudWatch": { ...event, "detail-type": "CloudWatch Dashboard Change" },
    "an event of a name that begins alike": { ...event, "detail-type": "CloudWatch Alarm State Change Again" },
  };
}

function passing({ claim }: Claims, connect: ConnectRules, rules: () => Deployed["rules"]): void {
  const told = eventsOfAlarms();
  const strangers = strangersOf(told["a change of state"] ?? {});
  for (const [what, event] of Object.entries(told)) {
    claim(`the rule of alarms lets through ${what}, and the rule of findings does not`, async () => {
      const { passes } = await connect();
      expect(await passes(rules().alarms, event)).toBe(true);
      expect(await passes(rules().findings, event)).toBe(false);
    });
  }
  for (const [what, event] of Object.entries(strangers)) {
    claim(`neither rule lets through ${what}`, async () => {
      const { passes } = await connect();
      expect(await passes(rules().alarms, event)).toBe(false);
      expect(await passes(rules().findings, event)).toBe(false);
    });
  }
  claim("the rule of findings lets findings through, and nothing else of ours", async () => {
    const { passes } = await connect();
    const finding = findingOf("orders", "raised", at);
    expect(await passes(rules().findings, finding)).toBe(true);
    expect(await passes(rules().alarms, finding)).toBe(false);
    expect(await passes(rules().findings, { ...finding, source: "somebody" })).toBe(false);
    expect(await passes(rules().findings, { ...finding, "detail-type": "Advice" })).toBe(false);
  });
}

/** Nobody but AWS may put an event whose source begins with `aws.`; pattern and events have another word for it here. */
function renamed<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document).replaceAll('"aws.', '"contract.'));
}

function routed({ claim }: Claims, connect: ConnectRules, rules: () => Deployed["rules"]): void {
  claim("what passes lies in the queue, whole, and what does not pass is not there", async () => {
    const told = Object.values(eventsOfAlarms());
    const strangers = Object.values(strangersOf(told[0] ?? {}));
    const events = [...strangers, ...told].map(renamed);
    const bodies = await (await connect()).route(renamed(rules().alarms), events);
    const details = (documents: readonly object[]) => documents.map((each) => JSON.stringify(partsOf(each))).toSorted();
    expect(details(bodies.map((body) => JSON.parse(body)))).toEqual(details(told.map(renamed)));
  });
  claim("a finding lies in the queue, whole", async () => {
    const finding = findingOf("orders", "cleared", at);
    const other = { ...finding, "detail-type": "Advice" };
    const bodies = await (await connect()).route(rules().findings, [other, finding]);
    expect(bodies.map((body) => partsOf(JSON.parse(body)))).toEqual([partsOf(finding)]);
  });
}

/** What whoever puts an event says; EventBridge adds id, account, region and time. */
function partsOf(event: object): object {
  const { source, detail, ...rest } = event as Record<string, unknown>;
  return { source, "detail-type": rest["detail-type"], resources: rest.resources ?? [], detail };
}
