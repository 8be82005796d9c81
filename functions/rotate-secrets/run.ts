import * as z from "zod/mini";
import { type Bus, tell } from "../../shared/bus.ts";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { Refused, Unavailable } from "../../shared/failures.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import { typed } from "../../shared/secrets/aws.ts";
import { type Described, describe } from "../../shared/secrets/described.ts";
import { type Failure, isFailure, isPassing } from "../../shared/secrets/failure.ts";
import { findingEvent } from "../../shared/secrets/findings.ts";
import type { Outside } from "../../shared/secrets/outside.ts";
import { conclude } from "../../shared/secrets/promote.ts";
import type { SecretRecord } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord, readSuccession } from "../../shared/secrets/records.ts";
import { enter } from "./decide.ts";
import { type Context, takeStep } from "./steps.ts";

export interface Dependencies extends Common {
  outside: Outside;
  bus: Bus;
  region: string;
}

/** What Secrets Manager sends. The RotationToken lets an assumed role store the value: it is as secret as the value. */
const eventSchema = z.object({
  Step: z.string(),
  SecretId: z.string().check(z.minLength(1)),
  ClientRequestToken: z.string().check(z.minLength(1)),
  RotationToken: z.optional(z.string()),
});

/**
 * One step of one rotation. Resolves when the step is done, also when it was done before. Throws `Refused` or `Unavailable` with
 * the typed reason when it is not: Secrets Manager then begins the whole rotation again.
 */
export async function run(event: unknown, dependencies: Dependencies): Promise<void> {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw new Refused("this is no step of a rotation: only Secrets Manager calls this function");
  const { Step: step, SecretId: id, ClientRequestToken: token, RotationToken: rotationToken } = parsed.data;
  const { outside, log, region } = dependencies;
  const ledger: Ledger = { client: dependencies.ledger, table: dependencies.table };
  const described = await typed("AWS", () => describe(outside.secrets, id));
  if (isFailure(described)) return await fail(dependencies, ledger, { arn: id, name: id }, step, described);
  const entry = enter(described, step, token, region);
  if (entry.verdict === "done") {
    await finishAgain(dependencies, ledger, described.arn, token);
    log.info("step was done before", { secret: described.name, step });
    return;
  }
  const failed =
    entry.verdict === "refused"
      ? entry.failure
      : await typed("AWS", async () => {
          const context: Context = {
            dependencies,
            ledger,
            described,
            token,
            rotationToken,
            kind: entry.kind,
          };
          return await takeStep(entry.step, context);
        });
  if (failed === null) {
    log.info("step done", { secret: described.name, step });
    if (step === "finishSecret") await clear(dependencies, described, "was rotated");
    if (step === "testSecret") await clearTested(dependencies, ledger, described, token);
    return;
  }
  await fail(dependencies, ledger, described, step, failed);
}

/** Whoever promoted it may have died before that was remembered: until it is, a third credential could come within the grace. */
async function finishAgain(
  { bus, now, outside }: Dependencies,
  ledger: Ledger,
  arn: string,
  token: string,
): Promise<void> {
  const succession = await readSuccession(ledger, arn, token);
  if (succession !== null && !succession.told) await conclude({ ledger, bus, now, pause: outside.pause }, succession);
}

async function fail(
  dependencies: Dependencies,
  ledger: Ledger,
  secret: Pick<Described, "arn" | "name">,
  step: string,
  failed: Failure,
): Promise<never> {
  await report(dependencies, ledger, secret, step, failed);
  const text = `${secret.name}: ${step} failed (${failed.failed}): ${failed.message}; ${failed.remedy}`;
  throw isPassing(failed) ? new Unavailable(text) : new Refused(text);
}

/** It is told at once, and remembered, so that the audit finds it too. What cannot be written must not hide what failed. */
async function report(
  { bus, configuration, log, now, outside }: Dependencies,
  ledger: Ledger,
  { arn, name }: Pick<Described, "arn" | "name">,
  step: string,
  { failed: reason, message, remedy }: Failure,
): Promise<void> {
  log.error("rotation failed", { secret: name, step, reason, problem: message, remedy });
  const at = now();
  const text = `the rotation of ${name} failed in ${step} (${reason}): ${message}`;
  const severity = configuration.secrets.severities["rotation-failed"];
  await tell(bus, [findingEvent({ ...finding(arn), state: "raised", severity, message: text, remedy }, at)]);
  const remember = (record: SecretRecord) => ({ ...record, failed: { step, reason, message, remedy, at } });
  await changeRecord(ledger, arn, remember, outside.pause).catch((error: unknown) => {
    log.error("failure not remembered", { secret: name, reason: error instanceof Error ? error.name : "unknown" });
  });
}

/** A test alone that failed is told of until one succeeds: no finishSecret follows it. */
async function clearTested(
  dependencies: Dependencies,
  ledger: Ledger,
  described: Described,
  token: string,
): Promise<void> {
  const { failed, underway } = await readRecord(ledger, described.arn);
  if (failed?.step !== "testSecret" || underway?.version === token) return;
  await clear(dependencies, described, "was tested");
  await changeRecord(ledger, described.arn, (record) => ({ ...record, failed: null }), dependencies.outside.pause);
}

/** Nobody needs to have been told before: what was never raised is cleared without an effect. */
async function clear(
  { bus, configuration, now }: Dependencies,
  { arn, name }: Described,
  done: "was rotated" | "was tested",
): Promise<void> {
  const severity = configuration.secrets.severities["rotation-failed"];
  const text = { message: `${name} ${done}`, remedy: "nothing is to be done" };
  await tell(bus, [findingEvent({ ...finding(arn), state: "cleared", severity, ...text }, now())]);
}

function finding(arn: string) {
  return { operation: "rotate-secrets", rule: "rotation-failed", resource: arn };
}
