import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { removeFreeze, writeFreeze } from "../../shared/freezes.ts";
import { day, type Instant, minute } from "../../shared/instant.ts";
import type { Chance } from "../chance.ts";
import { ledgerTable } from "../table.ts";
import { ranks } from "../transport.ts";
import type { World } from "../world.ts";
import type { ScalingAccount } from "./account.ts";
import { cluster, scaledServices } from "./estate.ts";
import type { ScalingWatch } from "./watch.ts";

/** What people and pipelines do beside it: releases, a freeze, and now and then another number of tasks. */
export function startPeople(
  world: World,
  account: ScalingAccount,
  { watch, chance, until }: { watch: ScalingWatch; chance: Chance; until: Instant },
): void {
  const { clock } = world;
  const ledger = { client: world.dynamodb, table: ledgerTable };
  const operation = "evaluate-scaling";
  const at = (when: Instant, act: () => Promise<void> | void) =>
    clock.at(when, ranks.happening, async () => {
      account.plant.advance(clock.now());
      await act();
    });
  const within = (from: Instant) => from + chance.integer(0, 24 * 60 - 60) * minute;

  for (let from = clock.now(); from < until; from += day) {
    for (const { name, minimum, maximum } of scaledServices) {
      const service = account.plant.ecs.service(cluster, name);
      if (chance.happens(0.6)) {
        const begins = within(from);
        at(begins, () => {
          service.deployments.push({ id: `ecs-svc/${begins}`, createdAt: begins, rolloutState: "IN_PROGRESS" });
        });
        at(begins + chance.integer(4, 25) * minute, () => {
          service.deployments.splice(0, service.deployments.length - 1);
          for (const each of service.deployments) each.rolloutState = "COMPLETED";
        });
      }
      if (chance.happens(0.1)) {
        at(within(from), async () => {
          const desiredCount = Math.min(maximum, Math.max(minimum, service.desiredCount + chance.pick([-1, 1])));
          await account.plant.ecs.send(new UpdateServiceCommand({ cluster, service: name, desiredCount }));
        });
      }
    }
    if (!chance.happens(0.3)) continue;
    const begins = within(from);
    at(begins, async () => {
      await writeFreeze(ledger, { operation, by: "a person", reason: "a migration", at: begins });
      watch.freeze(true);
    });
    at(begins + chance.integer(10, 50) * minute, async () => {
      await removeFreeze(ledger, operation);
      watch.freeze(false);
    });
  }
}
