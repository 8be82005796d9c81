import { shardsOf } from "../../functions/evaluate-scaling/shards.ts";
import { hour, type Instant, minute, second } from "../../shared/instant.ts";
import { namedTargets } from "../../shared/scaling/policy.ts";
import type { Chance } from "../chance.ts";
import { ranks, survived } from "../transport.ts";
import type { World } from "../world.ts";
import type { ScalingAccount } from "./account.ts";
import { cluster, type ScaledService, scaledServices } from "./estate.ts";
import { trueRules } from "./rules.ts";
import type { ScalingWatch } from "./watch.ts";

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
  const rules = trueRules(account.plant, account.configuration);
  const targets = namedTargets(account.configuration);
  const state = { ticked: 0 };

  function step(at: Instant): void {
    if (at > until) return;
    const late = faults.happens("lateSchedule") ? chance.integer(1, 50) * second : 0;
    clock.at(at + late, ranks.sweep, async () => {
      account.plant.advance(clock.now());
      const needs = scaledServices.map((service) => ({ service, need: needOf(service, at) }));
      const some = needs.filter(({ need }) => need === "now" || (need === "soon" && chance.happens(0.1)));
      if (at - state.ticked > hour) await tick(at, null);
      else if (some.length > 0) await tick(at, chance.happens(0.2) ? null : some.map(({ service }) => service.name));
      const isNear = needs.some(({ need }) => need === "now");
      const isNearly = needs.some(({ need }) => need === "soon");
      step(at + (isNear ? 1 : isNearly ? chance.integer(2, 4) : chance.integer(4, 6)) * minute);
    });
  }

  /** Whether a rule holds, and whether anything could come of it. */
  function needOf(service: ScaledService, at: Instant): "now" | "soon" | "never" {
    const { desiredCount, deployments } = account.plant.ecs.service(cluster, service.name);
    const index = rules.settled(at);
    if (rules.isOut(service, index, at)) {
      if (desiredCount >= service.maximum) return watch.isToldOfMaximum(service.name) ? "soon" : "now";
      return deployments.length === 1 ? "now" : "soon";
    }
    return desiredCount > service.minimum && rules.isIn(service, index, at) ? "soon" : "never";
  }

  /** All targets, by the scheduler; or some of them, as shards of the queue. */
  async function tick(at: Instant, some: readonly string[] | null): Promise<void> {
    if (some === null) state.ticked = at;
    if (faults.happens("missedSchedule")) return watch.disturb(at);
    const before = faults.injected.length;
    const starts = faults.happens("overlap") ? 2 : 1;
    const act = some === null ? () => survived(account.tick()) : () => throughQueue(at, some);
    const done = await Promise.all(Array.from({ length: starts }, act));
    if (done.includes(false) || faults.injected.length > before) watch.disturb(at);
    if (done.includes(false) || chance.happens(0.02)) account.forget();
  }

  /** Each target by itself. A shard may be lost, delivered twice, or come again when it fails. */
  async function throughQueue(at: Instant, some: readonly string[]): Promise<boolean> {
    let isDone = true;
    for (const target of targets.filter(({ name }) => some.includes(name))) {
      if (faults.happens("lostEvent")) isDone = false;
      else for (const shard of shardsOf([target], at)) isDone = (await take(shard)) && isDone;
    }
    return isDone;
  }

  async function take(shard: ReturnType<typeof shardsOf>[number]): Promise<boolean> {
    const times = faults.happens("duplicateDelivery") ? 2 : 1;
    let isDone = true;
    for (let time = 0; time < times; time++) isDone = (await survived(taken(shard))) && isDone;
    if (!isDone) clock.at(clock.now() + minute, ranks.arrival, async () => void (await survived(taken(shard))));
    return isDone;
  }

  async function taken(shard: ReturnType<typeof shardsOf>[number]): Promise<void> {
    if (!(await account.take(shard))) throw new Error("it comes again");
  }

  step(Math.floor(clock.now() / minute) * minute + minute);
}
