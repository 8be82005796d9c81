import type { AlarmState, Mute } from "../shared/delivery/types.ts";
import type { Instant } from "../shared/instant.ts";
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
import { happeningRank, type Transport } from "./transport.ts";
import type { World } from "./world.ts";

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
  turn(alarm: EstateAlarm, state: AlarmState, at: Instant, how?: { loses?: boolean; suppressedBy?: string }): void;
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
  find(resource: string, state: "raised" | "cleared", at: Instant): void;
  /** A document that nobody described. */
  strange(at: Instant): void;
}

export function createHappenings(world: World, transport: Transport): Happenings {
  const { clock, cloudwatch } = world;
  const mutes = new Map<string, { rule: string; from: Instant; until: Instant }[]>();
  const red: RedTime[] = [];
  const state = { events: 0 };
  const at = (when: Instant, act: () => void) => clock.at(when, happeningRank, act);
  const nextId = () => `event-${++state.events}`;

  function known(alarm: EstateAlarm): void {
    if (cloudwatch.find(arnOf(alarm.name)) === undefined) cloudwatch.put(recordOf(alarm, clock.now()));
  }

  function muteAt(alarm: EstateAlarm, when: Instant): Mute | null {
    const found = mutes.get(alarm.name)?.find(({ from, until }) => from <= when && when < until);
    return found === undefined ? null : { by: found.rule, until: found.until };
  }

  /** The event always, and the actions unless something keeps them from being taken. */
  function tell(happening: Happening, loses: boolean): void {
    if (loses) return;
    const now = clock.now();
    transport.send(eventOf(happening, nextId()));
    if (happening.mute !== null || happening.contributor !== undefined) return;
    if (happening.alarm.also === "topic") transport.send(notificationOf(topicMessageOf(happening), now));
    if (happening.alarm.also === "action") transport.invoke(actionOf(happening));
  }

  /** INSUFFICIENT_DATA ends no red time. */
  function paint(arn: string, to: AlarmState | "gone", when: Instant): void {
    const last = red.findLast((each) => each.arn === arn && each.until === null);
    if (to === "ALARM" && last === undefined) red.push({ arn, from: when, until: null });
    else if ((to === "OK" || to === "gone") && last !== undefined) last.until = when;
  }

  return {
    red,
    turn: (alarm, to, when, how = {}) =>
      at(when, () => {
        known(alarm);
        const before = cloudwatch.find(arnOf(alarm.name));
        const previous = before?.state ?? "OK";
        const released = before?.suppressedBy !== undefined && how.suppressedBy === undefined;
        if (previous === to && !released) return;
        paint(arnOf(alarm.name), to, when);
        const reason = to === "ALARM" ? "Threshold Crossed" : to === "OK" ? "Back to normal" : "No data";
        const suppressed = how.suppressedBy === "WaitPeriod" ? { suppressedBy: "WaitPeriod" as const } : {};
        cloudwatch.setState(arnOf(alarm.name), { state: to, at: when, reason, ...suppressed });
        const byRule = muteAt(alarm, when);
        const mute = how.suppressedBy === undefined ? byRule : { by: how.suppressedBy, until: null };
        tell({ alarm, state: to, previous, at: when, reason, mute }, how.loses === true);
      }),
    contribute: (alarm, contributor, to, when) =>
      at(when, () => {
        known(alarm);
        const happening = { alarm, state: to, previous: "OK" as const, at: when, reason: "", mute: null, contributor };
        tell(happening, false);
      }),
    mute(alarm, from, until, rule) {
      mutes.set(alarm.name, [...(mutes.get(alarm.name) ?? []), { rule, from, until }]);
      at(from, () => cloudwatch.putMuteRule(rule, { status: "ACTIVE" }));
      at(until, () => cloudwatch.putMuteRule(rule, { status: "EXPIRED" }));
    },
    remove: (alarm, when, loses) =>
      at(when, () => {
        paint(arnOf(alarm.name), "gone", when);
        cloudwatch.remove(arnOf(alarm.name));
        if (!loses) transport.send(deletionOf(alarm, when, nextId()));
      }),
    find: (resource, to, when) => at(when, () => transport.send(findingOf(resource, to, when), true)),
    strange: (when) => at(when, () => transport.send(strangeOf(when), true)),
  };
}
