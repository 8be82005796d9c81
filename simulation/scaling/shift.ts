import { hour, type Instant, minute, second } from "../../shared/instant.ts";
import type { Chance } from "../chance.ts";
import { ranks, survived } from "../transport.ts";
import type { World } from "../world.ts";
import type { ScalingAccount } from "./account.ts";
import { cluster, type ScaledService, scaledServices } from "./estate.ts";
import { type TrueRules, trueRules } from "./rules.ts";
import type { ScalingWatch } from "./watch.ts";

interface Shift {
  world: World;
  account: ScalingAccount;
  watch: ScalingWatch;
  chance: Chance;
  rules: TrueRules;
}

/**
 * What starts the function until then: the scheduler, or the queue with some of the targets, in each minute in which an out rule holds
 * as far as anybody can know, often while an in rule does, and now and then in between, as nothing can come of the others. Late,
 * doubled, missed, lost.
 */
export function startShift(
  world: World,
  account: ScalingAccount,
  { watch, chance, until }: { watch: ScalingWatch; chance: Chance; until: Instant },
): void {
  const { clock, faults } = world;
  const shift: Shift = { world, account, watch, chance, rules: trueRules(account.plant, account.configuration) };
  const state = { ticked: 0 };

  function step(at: Instant): void {
    if (at > until) return;
    const late = faults.happens("lateSchedule") ? chance.integer(1, 50) * second : 0;
    clock.at(at + late, ranks.sweep, async () => {
      account.plant.advance(clock.now());
      const needs = scaledServices.map((service) => ({ name: service.name, need: needOf(shift, service, at) }));
      const some = needs.filter(({ need }) => need === "now" || (need === "soon" && chance.happens(0.1)));
      const isHour = at - state.ticked > hour;
      if (isHour || (some.length > 0 && chance.happens(0.2))) {
        state.ticked = at;
        await tick(shift, at, () => survived(account.tick()));
      } else if (some.length > 0) {
        await tick(shift, at, () => throughQueue(shift, at, some));
      }
      const isNear = needs.some(({ need }) => need === "now");
      const isNearly = needs.some(({ need }) => need === "soon");
      step(at + (isNear ? 1 : isNearly ? chance.integer(2, 4) : chance.integer(4, 6)) * minute);
    });
  }

  step(Math.floor(clock.now() / minute) * minute + minute);
}

/** Whether a rule holds, and whether anything could come of it. */
function needOf({ account, watch, rules }: Shift, service: ScaledService, at: Instant): "now" | "soon" | "never" {
  const { desiredCount, deployments } = account.plant.ecs.service(cluster, service.name);
  const index = rules.settled(at);
  if (rules.isOut(service, index, at)) {
    if (desiredCount >= service.maximum) return watch.isToldOfMaximum(service.name) ? "soon" : "now";
    return deployments.length === 1 ? "now" : "soon";
  }
  return desiredCount > service.minimum && rules.isIn(service, index, at) ? "soon" : "never";
}

/** One minute's work, once or twice at the same time, or not at all. */
async function tick(
  { world: { faults }, account, watch, chance }: Shift,
  at: Instant,
  act: () => Promise<boolean>,
): Promise<void> {
  if (faults.happens("missedSchedule")) return watch.disturb(at);
  const before = faults.injected.length;
  const starts = faults.happens("overlap") ? 2 : 1;
  const done = await Promise.all(Array.from({ length: starts }, act));
  if (done.includes(false) || faults.injected.length > before) watch.disturb(at);
  if (done.includes(false) || chance.happens(0.02)) account.forget();
}

/** Each target by itself. A shard may be lost, delivered twice, or come again when it fails. */
async function throughQueue(shift: Shift, at: Instant, some: readonly { name: string }[]): Promise<boolean> {
  let isDone = true;
  for (const { name } of some) {
    if (shift.world.faults.happens("lostEvent")) isDone = false;
    else isDone = (await take(shift, name, at)) && isDone;
  }
  return isDone;
}

async function take({ world: { clock, faults }, account }: Shift, name: string, at: Instant): Promise<boolean> {
  const taken = () => account.take(name, at).catch(() => false);
  const times = faults.happens("duplicateDelivery") ? 2 : 1;
  let isDone = true;
  for (let time = 0; time < times; time++) isDone = (await taken()) && isDone;
  if (!isDone) clock.at(clock.now() + minute, ranks.arrival, async () => void (await taken()));
  return isDone;
}
