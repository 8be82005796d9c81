import { ECSClient } from "@aws-sdk/client-ecs";
import { run } from "../../../functions/heal-rotations/run.ts";
import { day, hour, minute } from "../../../shared/instant.ts";
import { readSuccession } from "../../../shared/secrets/records.ts";
import { strategyNamed } from "../../../shared/secrets/strategies.ts";
import { ledgerTable } from "../../../simulation/table.ts";
import { region, type Stage, steps } from "../../secrets/rotating.ts";
import { type Clients, clientCount } from "./clients.ts";

/** What became of a secret's rotations under load. */
export interface Load {
  rotations: number;
  /** Of the credentials before the current one: those that were proven dead after their grace. */
  retired: number;
  logins: number;
  failed: number;
  /** `code × count`, the most frequent first. */
  codes: string;
  seconds: number;
}

/** Rotates so many times while the clients go on; each version is retired as soon as no client holds it any more. */
export async function rotateUnder(clients: Clients, stage: Stage, arn: string, rotations: number): Promise<Load> {
  const begun = performance.now();
  await clients.pass(clientCount);
  let retired = 0;
  for (let rotation = 0; rotation < rotations; rotation++) {
    const token = await stage.begin(arn);
    for (const step of steps) {
      await stage.step(arn, token, step);
      await clients.pass(clientCount / 4);
    }
    await clients.haveRead(token);
    stage.time.now += stage.configuration.secrets.graceHours * hour + minute;
    await heal(stage);
    if ((await readSuccession(stage.ledger, arn, token))?.retired === true) retired += 1;
    await clients.pass(clientCount / 4);
  }
  await clients.stop();
  const seconds = (performance.now() - begun) / 1_000;
  const counted = [...clients.failed].toSorted(([, one], [, other]) => other - one);
  const failed = counted.reduce((sum, [, count]) => sum + count, 0);
  const codes = counted.map(([code, count]) => `${code} × ${count}`).join(", ");
  return { rotations, retired, logins: clients.logins(), failed, codes, seconds };
}

/** The sweep that retires what is over its grace, with everything that it has when it is deployed but readers in ECS. */
export async function heal({ configuration, time, ledger, bus, outside, lines }: Stage): Promise<void> {
  const log = (message: string, ...fields: object[]) => void lines.push(JSON.stringify([message, ...fields]));
  await run(
    {},
    {
      ...{ configuration, outside, bus, region, table: ledgerTable, ledger: ledger.client },
      ...{ now: () => time.now, deadline: () => time.now + day, pause: async () => {} },
      log: { info: log, warn: log, error: log },
      // Configured are no readers, so it is asked nothing; and there is nobody where it would ask.
      ecs: new ECSClient({ region, endpoint: "http://127.0.0.1:1", maxAttempts: 1 }),
      strategyNamed: (name) => strategyNamed(name, configuration.secrets),
    },
  );
}
