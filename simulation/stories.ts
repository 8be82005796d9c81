import { day, type Instant, minute, second } from "../shared/instant.ts";
import type { Chance } from "./chance.ts";
import { estate, hostAlarm } from "./estate.ts";
import type { Happenings } from "./happenings.ts";

/** Something that happens in the estate from an instant on. */
export type Story = (happenings: Happenings, at: Instant, chance: Chance) => void;

/** What can happen to the example estate, in the order in which a longer run is sure to show it. */
export const stories: Readonly<Record<string, Story>> = {
  outage,
  storm,
  flapping,
  muted,
  lost,
  growing,
  blip,
  suppressed,
  contributors,
  deleted,
  silent,
  starved,
  forgotten,
  hindered,
  finding,
  strange,
  trend,
  again,
  relapse,
  patchy,
};

function named(name: string) {
  const found = estate.find((alarm) => alarm.name === name);
  if (found === undefined) throw new Error(`the estate has no alarm ${name}`);
  return found;
}

const minutes = (chance: Chance, from: number, to: number) => chance.integer(from * 60, to * 60) * second;

/** The shop is down. */
function outage(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named(chance.pick(["checkout-unavailable", "orders-database"]));
  h.turn(alarm, "ALARM", at);
  h.turn(alarm, "OK", at + minutes(chance, 8, 70));
}

/** Everything at once, and the one thing that matters in the middle of it. */
function storm(h: Happenings, at: Instant, chance: Chance): void {
  const hosts = chance.integer(14, 30);
  for (let index = 0; index < hosts; index++) {
    const alarm = hostAlarm(index, chance);
    const from = at + chance.integer(0, 150) * second;
    h.turn(alarm, "ALARM", from);
    h.turn(alarm, "OK", from + minutes(chance, 15, 40));
  }
  const matters = named("orders-database");
  h.turn(matters, "ALARM", at + 80 * second);
  h.turn(matters, "OK", at + 80 * second + minutes(chance, 20, 45));
}

function flapping(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named(chance.pick(["orders-queue-age", "images-cpu"]));
  let when = at;
  const times = chance.integer(4, 9);
  for (let time = 0; time < times; time++) {
    h.turn(alarm, "ALARM", when);
    when += minutes(chance, 1, 4);
    h.turn(alarm, "OK", when);
    when += minutes(chance, 1, 4);
  }
}

/** A maintenance window; half of the times it is still red when the window ends. */
function muted(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named(chance.pick(["search-errors", "images-cpu", "checkout-unavailable"]));
  const until = Math.ceil((at + minutes(chance, 30, 60)) / minute) * minute;
  h.mute(alarm, at - minute, until, `arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:window-${at}`);
  h.turn(alarm, "ALARM", at + minutes(chance, 1, 15));
  h.turn(alarm, "OK", chance.happens(0.5) ? until + minutes(chance, 10, 40) : until - minutes(chance, 2, 10));
}

/** The event of an alarm never comes: the sweep must find it. */
function lost(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("payments-failing");
  h.turn({ ...alarm, tags: alarm.tags }, "ALARM", at, { loses: true });
  h.turn(alarm, "OK", at + minutes(chance, 15, 50), { loses: chance.happens(0.5) });
}

/** One percent, two, five: one incident that grows. */
function growing(h: Happenings, at: Instant, chance: Chance): void {
  const step = () => minutes(chance, 3, 12);
  const names = ["checkout-latency", "checkout-errors", "checkout-unavailable"];
  let when = at;
  for (const name of names) {
    h.turn(named(name), "ALARM", when);
    when += step();
  }
  for (const name of names.reverse()) {
    when += step();
    h.turn(named(name), "OK", when);
  }
}

function blip(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named(chance.pick(["mail-latency", "reports-cpu"]));
  h.turn(alarm, "ALARM", at);
  h.turn(alarm, "OK", at + minutes(chance, 1, 6));
}

/** A composite alarm whose suppressor holds it back for a while; its children speak for themselves until it is known. */
function suppressed(h: Happenings, at: Instant, chance: Chance): void {
  const composite = named("payments-broken");
  h.turn(named("payments-slow"), "ALARM", at);
  h.turn(composite, "ALARM", at + 20 * second, { suppressedBy: "WaitPeriod" });
  const release = at + minutes(chance, 2, 5);
  h.turn(composite, "ALARM", release, {});
  const end = release + minutes(chance, 10, 40);
  h.turn(named("payments-slow"), "OK", end);
  h.turn(composite, "OK", end + 15 * second);
}

/** One alarm, many series: the parent and each contributor speak, and it is one incident. */
function contributors(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("fleet-by-instance");
  const count = chance.integer(2, 6);
  h.turn(alarm, "ALARM", at);
  const end = at + minutes(chance, 8, 40);
  for (let index = 0; index < count; index++) {
    const contributor = { id: `series-${index}`, attributes: { InstanceId: `i-${index}` } };
    h.contribute(alarm, contributor, "ALARM", at + index * second);
    h.contribute(alarm, contributor, "OK", end - (count - index) * second);
  }
  h.turn(alarm, "OK", end);
}

function deleted(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = { ...named("images-cpu"), name: `temporary-${at}` };
  h.turn(alarm, "ALARM", at);
  h.remove(alarm, at + minutes(chance, 5, 30), chance.happens(0.5));
}

/** The metric stops while the alarm is red. */
function silent(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("reports-cpu");
  h.turn(alarm, "ALARM", at);
  h.turn(alarm, "INSUFFICIENT_DATA", at + minutes(chance, 5, 20));
  h.turn(alarm, "OK", at + minutes(chance, 30, 60));
}

/** No data for longer than a day, and nobody was told anything by the alarm. */
function starved(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("mail-queue-age");
  h.turn(alarm, "INSUFFICIENT_DATA", at);
  h.turn(alarm, "OK", at + day + minutes(chance, 120, 300));
}

/** Red, and then no data for longer than a day: it is let go. */
function forgotten(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("reports-disk");
  h.turn(alarm, "ALARM", at);
  h.turn(alarm, "INSUFFICIENT_DATA", at + minutes(chance, 5, 20));
  h.turn(alarm, "OK", at + day + minutes(chance, 120, 300));
}

/** Its evaluation fails, or somebody has disabled its actions: found by the audit, and mended. */
function hindered(h: Happenings, at: Instant, chance: Chance): void {
  const until = at + minutes(chance, 100, 300);
  if (chance.happens(0.5)) h.blind(named("mail-latency"), { evaluationState: "EVALUATION_ERROR" }, at, until);
  else h.blind(named("licences-expire"), { actionsEnabled: false }, at, until);
}

function finding(h: Happenings, at: Instant, chance: Chance): void {
  const resource = `database-${chance.integer(1, 3)}`;
  h.find(resource, "raised", at);
  h.find(resource, "cleared", at + minutes(chance, 20, 90));
}

function strange(h: Happenings, at: Instant): void {
  h.strange(at);
}

/** Cosmetic, and for the digest. */
function trend(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named(chance.pick(["search-cost-trend", "licences-expire"]));
  h.turn(alarm, "ALARM", at);
  h.turn(alarm, "OK", at + minutes(chance, 60, 240));
}

/** A stuck P3, and a P1 of the same service that comes, goes, and comes again: a new episode. */
function again(h: Happenings, at: Instant, chance: Chance): void {
  h.turn(named("search-cost-trend"), "ALARM", at);
  h.turn(named("search-errors"), "ALARM", at + minutes(chance, 2, 5));
  h.turn(named("search-errors"), "OK", at + minutes(chance, 10, 20));
  h.turn(named("search-errors"), "ALARM", at + minutes(chance, 40, 60));
  h.turn(named("search-errors"), "OK", at + minutes(chance, 65, 80));
  h.turn(named("search-cost-trend"), "OK", at + minutes(chance, 90, 120));
}

/** A P0 that is over, and held open by what matters less; then something of the same service fires that matters less as well. */
function relapse(h: Happenings, at: Instant, chance: Chance): void {
  h.turn(named("checkout-unavailable"), "ALARM", at);
  h.turn(named("checkout-latency"), "ALARM", at + minutes(chance, 1, 5));
  h.turn(named("checkout-unavailable"), "OK", at + minutes(chance, 20, 30));
  h.turn(named("checkout-errors"), "ALARM", at + minutes(chance, 45, 60));
  h.turn(named("checkout-errors"), "OK", at + minutes(chance, 65, 80));
  h.turn(named("checkout-latency"), "OK", at + minutes(chance, 90, 120));
}

/** Its data come and go, and half of what is told of it is lost. */
function patchy(h: Happenings, at: Instant, chance: Chance): void {
  const alarm = named("orders-queue-age");
  let when = at;
  for (const state of ["ALARM", "INSUFFICIENT_DATA", "ALARM", "OK", "INSUFFICIENT_DATA", "ALARM", "OK"] as const) {
    h.turn(alarm, state, when, { loses: chance.happens(0.5) });
    when += minutes(chance, 6, 25);
  }
}
