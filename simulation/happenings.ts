import type { AlarmState, Mute } from "../shared/delivery/types.ts";
import type { Instant } from "../shared/instant.ts";
import type { AlarmRecord } from "./aws/cloudwatch-alarms.ts";
import {
  actionOf,
  deletionOf,
  eventOf,
  findingOf,
  type Happening,
  notificationOf,
  strangeOf,
  topicMessageOf,
} from "./documents.ts";
import { arnOf, type EstateAlarm, recordOf } from "./estate.ts";
import { ranks, type Transport } from "./transport.ts";
import type { World } from "./world.ts";

/** With `loses` no event of it ever comes; a composite may be held back by its suppressor. */
export interface Turning {
  loses?: boolean;
  suppressedBy?: "WaitPeriod";
}

/** Why an alarm cannot do its work, although it says nothing of it. */
export type Hindrance = Pick<AlarmRecord, "evaluationState"> | Pick<AlarmRecord, "actionsEnabled">;

export interface RedTime {
  arn: string;
  from: Instant;
  until: Instant | null;
}

/** What stories make happen: in the simulated CloudWatch, and on every way by which it tells of it. */
export interface Happenings {
  /** The times at which alarms were red, whatever was told of it; `until` is null while they are. */
  readonly red: readonly RedTime[];
  /** An alarm changes to a state. With `loses` no event of it ever comes. */
  turn(alarm: EstateAlarm, state: AlarmState, at: Instant, how?: Turning): void;
  contribute(
    alarm: EstateAlarm,
    contributor: NonNullable<Happening["contributor"]>,
    state: "ALARM" | "OK",
    at: Instant,
  ): void;
  /** A rule mutes the alarm from then until then. */
  mute(alarm: EstateAlarm, from: Instant, until: Instant, rule: string): void;
  /** The alarm is deleted, with or without an event. */
  remove(alarm: EstateAlarm, at: Instant, loses: boolean): void;
  /** The alarm cannot be evaluated, or has its actions disabled, from then until then. */
  blind(alarm: EstateAlarm, how: Hindrance, from: Instant, until: Instant): void;
  find(resource: string, state: "raised" | "cleared", at: Instant): void;
  /** A document that nobody described. */
  strange(at: Instant): void;
}

export function createHappenings(world: World, transport: Transport): Happenings {
  const { clock, cloudwatch } = world;
  const account = createAccount(world, transport);
  const at = (when: Instant, act: () => void) => clock.at(when, ranks.happening, act);
  return {
    red: account.red,
    turn: (alarm, state, when, how = {}) => at(when, () => account.turn(alarm, state, when, how)),
    contribute: (alarm, contributor, state, when) =>
      at(when, () => {
        account.know(alarm);
        account.tell({ alarm, state, previous: "OK", at: when, reason: "", mute: null, contributor });
      }),
    mute(alarm, from, until, rule) {
      account.mute(alarm, { rule, from, until });
      at(from, () => cloudwatch.putMuteRule(rule, { status: "ACTIVE" }));
      at(until, () => cloudwatch.putMuteRule(rule, { status: "EXPIRED" }));
    },
    remove: (alarm, when, loses) => at(when, () => account.remove(alarm, when, loses)),
    blind(alarm, how, from, until) {
      at(from, () => account.change(alarm, how));
      at(until, () => account.change(alarm, { evaluationState: undefined, actionsEnabled: true }));
    },
    find: (resource, state, when) => at(when, () => transport.send(findingOf(resource, state, when), true)),
    strange: (when) => at(when, () => transport.send(strangeOf(when), true)),
  };
}

interface Window {
  rule: string;
  from: Instant;
  until: Instant;
}

/** The alarms of the estate as they are, each change told on every way on which CloudWatch would tell of it. */
function createAccount({ clock, cloudwatch }: World, transport: Transport) {
  const windows = new Map<string, Window[]>();
  const red: RedTime[] = [];
  const state = { events: 0 };
  const nextId = () => `event-${++state.events}`;

  /** INSUFFICIENT_DATA ends no red time. */
  function paint(arn: string, to: AlarmState | "gone", when: Instant): void {
    const last = red.findLast((each) => each.arn === arn && each.until === null);
    if (to === "ALARM" && last === undefined) red.push({ arn, from: when, until: null });
    else if ((to === "OK" || to === "gone") && last !== undefined) last.until = when;
  }

  function muteAt(alarm: EstateAlarm, when: Instant): Mute | null {
    const found = windows.get(alarm.name)?.find(({ from, until }) => from <= when && when < until);
    return found === undefined ? null : { by: found.rule, until: found.until };
  }

  const account = {
    red,
    know(alarm: EstateAlarm): void {
      if (cloudwatch.find(arnOf(alarm.name)) === undefined) cloudwatch.put(recordOf(alarm, clock.now()));
    },
    mute(alarm: EstateAlarm, window: Window): void {
      windows.set(alarm.name, [...(windows.get(alarm.name) ?? []), window]);
    },
    /** The event always, and the actions unless something keeps them from being taken. */
    tell(happening: Happening): void {
      const { alarm, mute, contributor } = happening;
      transport.send(eventOf(happening, nextId()));
      if (mute !== null || contributor !== undefined) return;
      if (alarm.also === "topic") transport.send(notificationOf(topicMessageOf(happening), clock.now()));
      if (alarm.also === "action") transport.invoke(actionOf(happening));
    },
    turn(alarm: EstateAlarm, to: AlarmState, when: Instant, how: Turning): void {
      account.know(alarm);
      const arn = arnOf(alarm.name);
      const before = cloudwatch.find(arn);
      const previous = before?.state ?? "OK";
      const released = before?.suppressedBy !== undefined && how.suppressedBy === undefined;
      if (previous === to && !released) return;
      paint(arn, to, when);
      const { suppressedBy } = how;
      cloudwatch.setState(arn, { state: to, at: when, reason: reasons[to], ...(suppressedBy && { suppressedBy }) });
      const mute = suppressedBy === undefined ? muteAt(alarm, when) : { by: suppressedBy, until: null };
      if (!how.loses) account.tell({ alarm, state: to, previous, at: when, reason: reasons[to], mute });
    },
    change(alarm: EstateAlarm, how: Partial<Hindrance>): void {
      account.know(alarm);
      const known = cloudwatch.find(arnOf(alarm.name));
      if (known !== undefined) cloudwatch.put({ ...known, ...how });
    },
    remove(alarm: EstateAlarm, when: Instant, loses: boolean): void {
      paint(arnOf(alarm.name), "gone", when);
      cloudwatch.remove(arnOf(alarm.name));
      if (!loses) transport.send(deletionOf(alarm, when, nextId()));
    },
  };
  return account;
}

const reasons = { ALARM: "Threshold Crossed", OK: "Back to normal", INSUFFICIENT_DATA: "No data" };
