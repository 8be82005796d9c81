import * as auditSecrets from "../../functions/audit-secrets/run.ts";
import * as healRotations from "../../functions/heal-rotations/run.ts";
import * as rotateSecrets from "../../functions/rotate-secrets/run.ts";
import { type Instant, iso, minute } from "../../shared/instant.ts";
import type { Connect, Outside } from "../../shared/secrets/outside.ts";
import { strategyNamed } from "../../shared/secrets/strategies.ts";
import { createAcm } from "../aws/acm.ts";
import { createEcs } from "../aws/ecs.ts";
import { createEventBridge, type SimulatedEventBridge } from "../aws/eventbridge.ts";
import { createIam, type SimulatedIam } from "../aws/iam.ts";
import { createSecretsManager, type SimulatedSecretsManager } from "../aws/secrets-manager.ts";
import { createSts } from "../aws/sts.ts";
import type { Chance } from "../chance.ts";
import { createLogins, type Logins } from "../databases/logins.ts";
import { connectMariaDb } from "../databases/mariadb.ts";
import { connectRedis } from "../databases/redis.ts";
import { account as accountId, region } from "../estate.ts";
import type { Invocation } from "../faults.ts";
import { ledgerTable } from "../table.ts";
import type { World } from "../world.ts";
import { configured, estateSecrets } from "./estate.ts";

/** Secrets, what they open, and the functions that look after them. */
export interface SecretsAccount {
  readonly secretsManager: SimulatedSecretsManager;
  readonly events: SimulatedEventBridge;
  readonly iam: SimulatedIam;
  readonly servers: ReadonlyMap<string, Logins>;
  rotate(event: object): Promise<void>;
  audit(): Promise<void>;
  heal(): Promise<void>;
  /** Whether a healing would find nothing to do. */
  isIdle(): boolean;
  /** What failed on purpose, when, and how much time that may have cost. */
  readonly disturbances: Disturbance[];
  /** Told of everything that changes in what secrets open, or in the secrets. */
  onChange(listener: () => void): void;
}

export interface Disturbance {
  at: Instant;
  ms: number;
}

export const functionArn = `arn:aws:lambda:${region}:${accountId}:function:rotate-secrets`;

export function createSecretsAccount(given: World, chance: Chance): SecretsAccount {
  const world: World = { ...given, configuration: configured(given.configuration) };
  const { clock, faults, configuration, dynamodb } = world;
  const { now } = clock;
  const services = createServices(world, chance);
  const { secretsManager, events, iam, acm, ecs, servers, listeners } = services;
  const named = (name: string) => strategyNamed(name, configuration.secrets);
  const busOf = (invocation: Invocation) => ({
    name: "nightshift",
    client: { send: faults.around("events", events.send, invocation) },
  });
  return {
    ...{ secretsManager, events, iam, servers, disturbances: [] },
    onChange: (listener) => void listeners.push(listener),
    rotate: (event) =>
      world.invoke("rotate-secrets", (clients, invocation) => {
        const outside = services.outsideOf(invocation);
        return rotateSecrets.run(event, { ...clients, configuration, outside, bus: busOf(invocation), region });
      }),
    heal: () =>
      world.invoke("heal-rotations", (clients, invocation) => {
        const [outside, bus] = [services.outsideOf(invocation), busOf(invocation)];
        const reachable = { outside, bus, ecs: { send: faults.around("ecs", ecs.send, invocation) } };
        return healRotations.run({}, { ...clients, configuration, ...reachable, region, strategyNamed: named });
      }),
    audit: () =>
      world.invoke("audit-secrets", (clients, invocation) => {
        const { secrets, iam: users } = services.outsideOf(invocation);
        const reachable = { secrets, iam: users, acm, kms: none, bus: busOf(invocation) };
        const fixed = { configuration, region, rotateFunction: functionArn, wait: async () => {} };
        return auditSecrets.run({}, { ...clients, ...reachable, ...fixed });
      }),
    isIdle: () => {
      const order = dynamodb.firstInIndex(ledgerTable, "queue", "successions")?.order?.S;
      const isHour = now() % (60 * minute) < 5 * minute;
      return !isHour && (order === undefined || order > iso(now()));
    },
  };
}

/** What the functions reach, and who is told of what changes there. */
function createServices(world: World, chance: Chance) {
  const { clock, faults } = world;
  const { now } = clock;
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const tell of listeners) tell();
  };
  const lagMs = () => (faults.happens("staleRead") ? chance.integer(0, 5) * minute : 0);
  const stale = () => faults.happens("staleRead");
  const home = { now, account: accountId, region };
  const keepsPending = chance.fork("labels").happens(0.5);
  const secretsManager = createSecretsManager({ ...home, stale, lagMs, keepsPending });
  secretsManager.onChange(changed);
  const iam = createIam(home);
  const servers = new Map<string, Logins>();
  for (const { opens } of estateSecrets) {
    if (typeof opens === "object" && "host" in opens && !servers.has(opens.host)) {
      servers.set(opens.host, createLogins(opens.host, now, changed));
    }
  }
  const serverOf = (host: string) => servers.get(host) ?? null;
  const [mysql, redis] = [connectMariaDb(serverOf), connectRedis(serverOf)];
  const outsideOf = (invocation: Invocation): Outside => ({
    secrets: { send: faults.around("secrets", secretsManager.send, invocation) },
    iam: { send: faults.around("iam", telling(iam.send, changed), invocation) },
    sts: (key) => ({ send: faults.around("sts", createSts(iam)(key).send, invocation) }),
    ...{ acm: none, elasticache: none, postgres: nowhere, http: nowhere },
    mysql: reached(mysql, world, invocation),
    redis: entered(redis, world, invocation),
    // Nobody waits here: time passes only by the clock.
    pause: async () => {},
    random: (bytes) => Uint8Array.from({ length: bytes }, () => chance.integer(0, 255)),
  });
  return {
    ...{ secretsManager, iam, servers, listeners, outsideOf },
    ...{ events: createEventBridge(home), acm: createAcm(home), ecs: createEcs(home) },
  };
}

/** Each statement, and the entering before it, may go wrong like any call of a service. */
function reached(connect: Connect, { faults }: World, invocation: Invocation): Connect {
  return async (target) => {
    const session = await faults.exchange("enter", () => connect(target), invocation);
    return {
      query: (statement, values) => faults.exchange("query", () => session.query(statement, values), invocation),
      end: session.end,
    };
  };
}

function entered(connect: Outside["redis"], { faults }: World, invocation: Invocation): Outside["redis"] {
  return async (target) => {
    const session = await faults.exchange("enter", () => connect(target), invocation);
    return {
      command: (words) => faults.exchange("command", () => session.command(words), invocation),
      end: session.end,
    };
  };
}

const nowhere = async (): Promise<never> => {
  throw new Error("the example account has nothing of this kind");
};
const none = { send: nowhere };

/** A service that tells whoever listens of each call that came through. */
function telling(send: SimulatedIam["send"], tell: () => void): SimulatedIam["send"] {
  // A simulated service becomes a client here: the SDK's type has an overload for each command of the service.
  return (async (command: never) => {
    const answer = await send(command);
    tell();
    return answer;
  }) as SimulatedIam["send"];
}
