import { hour, type Instant, minute, second } from "../../shared/instant.ts";
import type { Begun } from "../aws/secrets-manager-secret.ts";
import type { Chance } from "../chance.ts";
import { ranks, survived } from "../transport.ts";
import type { World } from "../world.ts";
import type { SecretsAccount } from "./account.ts";
import { auditHours } from "./estate.ts";

/** Secrets Manager begins a failed rotation again so often, and so long after. Nobody documents the numbers. */
const maximumAttempts = 5;
const pauseBetween = 30 * minute;
/** What is given up is stuck after an hour, found by the healing within one more, and begun again by the audit of the next. */
const untilHealed = 3 * hour;

/**
 * What starts the functions that look after secrets: Secrets Manager calls the one that rotates, step by step, on its schedule or
 * because the audit asked for it; the scheduler calls the audit every other hour and the healing every five minutes, until then.
 */
export function startShift(world: World, account: SecretsAccount, chance: Chance, until: Instant): void {
  const { clock, faults } = world;
  const { secretsManager, disturbances } = account;
  const disturb = (ms: number) => void disturbances.push({ at: clock.now(), ms });

  function call(begun: Begun, attempt: number, index: number): void {
    const later = chance.integer(100, 2_000);
    clock.at(clock.now() + later, ranks.arrival, async () => {
      const { token, arn } = begun;
      const steps = begun.testsOnly ? ["testSecret"] : rotationSteps;
      const step = steps[index];
      if (step === undefined) return secretsManager.conclude(begun);
      // Now and then the reply is lost, and the same step is called again.
      const times = faults.happens("duplicateDelivery") ? 2 : 1;
      let isDone = false;
      for (let time = 0; time < times; time++) {
        isDone = await survived(account.rotate({ Step: step, SecretId: arn, ClientRequestToken: token }));
      }
      if (isDone) return call(begun, attempt, index + 1);
      const isLast = attempt === maximumAttempts || !isStillWanted(account, begun);
      disturb(isLast ? untilHealed : pauseBetween);
      if (!isLast) clock.at(clock.now() + pauseBetween, ranks.arrival, () => call(begun, attempt + 1, 0));
    });
  }

  function every(period: number, act: () => Promise<boolean>, isIdle: () => boolean): void {
    const at: Instant = (Math.floor(clock.now() / period) + 1) * period;
    if (at > until) return;
    const late = faults.happens("lateSchedule") ? chance.integer(1, 50) * second : 0;
    clock.at(at + late, ranks.sweep, async () => {
      const isMissed = faults.happens("missedSchedule");
      const starts = isMissed || isIdle() ? 0 : faults.happens("overlap") ? 2 : 1;
      const done = await Promise.all(Array.from({ length: starts }, act));
      if (isMissed || done.includes(false)) disturb(period);
      every(period, act, isIdle);
    });
  }

  secretsManager.onRotation((begun) => call(begun, 1, 0));
  every(
    hour,
    async () => {
      secretsManager.startDue();
      return true;
    },
    () => false,
  );
  every(
    auditHours * hour,
    () => survived(account.audit()),
    () => false,
  );
  every(5 * minute, () => survived(account.heal()), account.isIdle);
}

const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** Somebody may have taken the label away meanwhile: then this rotation is over. One that was promoted only has to be told so. */
function isStillWanted({ secretsManager }: SecretsAccount, { arn, token }: Begun): boolean {
  const stages = secretsManager.secret(arn).versions.get(token)?.stages;
  return stages?.has("AWSPENDING") === true || stages?.has("AWSCURRENT") === true;
}
