import { Refused, Unavailable } from "../../shared/failures.ts";
import { hour, iso, minute } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { Described } from "../../shared/secrets/described.ts";
import { isFailure } from "../../shared/secrets/failure.ts";
import { holding } from "../../shared/secrets/lease.ts";
import { moveCurrent, takePending } from "../../shared/secrets/promote.ts";
import { readVersion } from "../../shared/secrets/reading.ts";
import { isRotated, promoted, type Succession } from "../../shared/secrets/record.ts";
import { changeRecord, readRecord, readSuccession, writeSuccession } from "../../shared/secrets/records.ts";
import { skipReason } from "../../shared/secrets/skips.ts";
import { versionAt } from "../../shared/secrets/stages.ts";
import { kindTag } from "../../shared/secrets/tags.ts";
import { printable } from "../../shared/text.ts";
import type { Cloud, Connect } from "../aws.ts";
import type { Command } from "../command.ts";
import { awsOptions, connectCloud, required } from "../connection.ts";
import { questionOf, secretNamed, strategyOf, thrown } from "../secrets.ts";
import type { Terminal } from "../terminal.ts";

export const rollback = rollbackThrough(connectCloud);

/** Makes the previous version the current one again, if a login proves that it works. */
export function rollbackThrough(connect: Connect): Command {
  return {
    name: "rollback",
    summary: "gives a secret its previous value back, if a login from here proves that it works",
    usage: "rollback SECRET [--environment E] [--ledger TABLE]",
    options: awsOptions,
    positionals: { minimum: 1, maximum: 1 },
    async run(given, terminal) {
      const [id = ""] = given.positionals;
      const cloud = await connect(given, terminal);
      const ledger = required(cloud.ledger);
      const secret = await secretNamed(cloud, id);
      const change = await changeOf(cloud, ledger, secret);
      await warnOfUnretired(ledger, secret, change, terminal);
      await held(cloud, ledger, secret, () => rollBack(cloud, ledger, secret, change));
      const { name } = secret;
      const hours = cloud.configuration.secrets.graceHours;
      const text = `${name}: version ${change.to} is the current one again; version ${change.from} works ${hours} h longer, and then is made to fail`;
      terminal.output.write(`${printable(text)}\n`);
      return 0;
    },
  };
}

interface Change {
  from: string;
  to: string;
  /** Whether the label of a rotation that came to its end stands on what is left. */
  isLabelled: boolean;
}

/** Throws `Refused` where there is nothing to go back to, or where somebody else is at it. */
async function changeOf(cloud: Cloud, ledger: Ledger, secret: Described): Promise<Change> {
  const { arn, name } = secret;
  const skip = skipReason(secret, cloud.region);
  if (skip !== null) throw new Refused(`${name} cannot be rolled back: ${skip}`);
  const from = versionAt(secret, "AWSCURRENT");
  const to = versionAt(secret, "AWSPREVIOUS");
  if (from === null || to === null) throw new Refused(`${name} has no previous version`);
  const pending = versionAt(secret, "AWSPENDING");
  // On what was the current one before, it is left of a rollback by other means.
  if (pending !== null && pending !== from && pending !== to)
    throw new Refused(`${name} is being rotated: wait for that, or let heal-rotations repair it`);
  const succession = await readSuccession(ledger, arn, from);
  if (succession?.retired === true && succession.from === to) {
    const since = succession.retiredAt === undefined ? "a while ago" : iso(succession.retiredAt);
    throw new Refused(`${name}: the previous credential is dead since ${since}; rotate it instead: nightshift rotate`);
  }
  const { live } = await readRecord(ledger, arn);
  if (live.some(({ version }) => version === from) && !live.some(({ version }) => version === to)) {
    throw new Refused(`${name}: the previous credential is dead; rotate it instead: nightshift rotate`);
  }
  return { from, to, isLabelled: pending === from };
}

/** The credential before the one that comes back: nobody goes on trying to make it fail, because this rollback takes its place. */
async function warnOfUnretired(
  ledger: Ledger,
  { arn, name }: Described,
  { from, to }: Change,
  { errors }: Terminal,
): Promise<void> {
  const before = await readSuccession(ledger, arn, to);
  if (before === null || before.retired || before.ended !== undefined) return;
  if (before.from === null || before.from === from) return;
  const text = `${name}: version ${before.from} was never made to fail, and nobody tries it any more: make it fail by hand where it is valid`;
  errors.write(`warning: ${printable(text)}\n`);
}

/** While it is done no rotation may begin, and heal-rotations retires nothing. */
async function held(cloud: Cloud, ledger: Ledger, { arn, name }: Described, act: () => Promise<void>): Promise<void> {
  const lease = { ledger, arn, now: cloud.now, pause: pauseOf(cloud), forMs: leaseMs };
  const outcome = await holding({ ...lease, isRotated: (record, at) => isRotated(record, at, hour) }, act);
  if (outcome !== "held") return;
  throw new Refused(`${name}: somebody rotates, retires or repairs this secret; try again in a few minutes`);
}

const leaseMs = 5 * minute;

/**
 * What is left to be done afterwards is written before the change: so heal-rotations retires what was current until now, and not
 * what is current again. On a version that is not current AWSPENDING means a rotation that is not complete, so it goes first.
 */
async function rollBack(cloud: Cloud, ledger: Ledger, secret: Described, change: Change): Promise<void> {
  const { from, to, isLabelled } = change;
  const strategy = await prove(cloud, secret, change);
  const { arn, name, tags } = secret;
  const at = cloud.now();
  const retireAt = at + cloud.configuration.secrets.graceHours * hour;
  const undone = { told: false, refreshed: false, retired: false };
  // What is told of the succession that is written over is taken back with this one.
  const { raised = [] } = (await readSuccession(ledger, arn, to)) ?? {};
  const succession: Succession = {
    ...{ arn, name, kind: tags[kindTag] ?? "", strategy, from, to, at, retireAt },
    ...{ ...undone, raised },
  };
  await writeSuccession(ledger, succession, at);
  if (isLabelled) await takePending(cloud.outside.secrets, arn, from);
  const lost = await moveCurrent(cloud.outside.secrets, arn, from, to);
  if (lost !== null) throw new Refused(`${name}: somebody else has changed it meanwhile; nothing was rolled back`);
  await changeRecord(ledger, arn, (record) => promoted(record, { version: to, from, retireAt }), pauseOf(cloud));
}

/** After a lost race. */
function pauseOf(cloud: Cloud): (attempt: number) => Promise<void> {
  return (attempt) => cloud.pause(100 * (attempt + 1));
}

/** The strategy's name, once the previous credential has logged in from here. */
async function prove(cloud: Cloud, secret: Described, { to }: Change): Promise<string> {
  const { arn, name } = secret;
  const value = await readVersion(cloud.outside, arn, to, "AWSPREVIOUS");
  if (value === null) throw new Refused(`${name}: the previous version has no value any more`);
  if (isFailure(value)) throw thrown(secret, value);
  const strategy = await strategyOf(cloud, secret, value);
  if (isFailure(strategy)) throw thrown(secret, strategy);
  const refusal = await strategy.login(questionOf(cloud, secret, to), value);
  if (refusal === null) return strategy.name;
  if (refusal.failed === "authentication") {
    throw new Refused(`${name}: the previous credential does not work: ${refusal.message}; nothing was changed`);
  }
  throw new Unavailable(
    `${name}: from this machine nobody can prove that the previous credential works (${refusal.failed}): ${refusal.message}; nothing was changed`,
  );
}
