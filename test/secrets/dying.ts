import type { Session } from "../../shared/secrets/outside.ts";
import type { Stage } from "./rotating.ts";

/** The process is gone: nothing that it would still do is done. */
export class Death extends Error {}

export interface Killer {
  /** Every external call so far, in order. */
  calls: string[];
  /** The number of the call, from 0, at which the process dies; null while it lives. */
  at: number | null;
  /** Whether that call still reaches the other side. */
  after: boolean;
  isDead: boolean;
}

type Call = (...given: unknown[]) => Promise<unknown>;

/** Every way out of the function leads through the killer: services, ledger, bus, databases and HTTP. */
export function mortal(stage: Stage): Killer {
  const killer: Killer = { calls: [], at: null, after: false, isDead: false };

  function guarded(name: (given: unknown[]) => string, execute: Call): Call {
    return async (...given) => {
      if (killer.isDead) throw new Death();
      const isLast = killer.at === killer.calls.length;
      killer.calls.push(name(given));
      if (!isLast) return execute(...given);
      if (killer.after) await execute(...given).catch(() => undefined);
      killer.isDead = true;
      throw new Death();
    };
  }

  // Whatever has a `send` is a client; its type has an overload for each command.
  const client = <Client extends { send: unknown }>(service: Client): Client => {
    const send = service.send as Call;
    return { ...service, send: guarded(([command]) => String(command?.constructor.name), send.bind(service)) };
  };
  const entered = (what: string, session: Session): Session => ({
    query: guarded(
      ([statement]) => `${what}: ${String(statement).slice(0, 30)}`,
      session.query.bind(session) as Call,
    ) as Session["query"],
    // The connection of a dead process is closed by its host.
    end: () => session.end(),
  });
  const { outside } = stage;
  const connecting = <Connected>(
    what: string,
    connect: (target: never) => Promise<Connected>,
    dress: (made: Connected) => Connected,
  ) => {
    const call = guarded(() => `enter ${what}`, connect as unknown as Call) as unknown as typeof connect;
    return async (target: never) => dress(await call(target));
  };
  Object.assign(outside, {
    secrets: client(outside.secrets),
    iam: client(outside.iam),
    acm: client(outside.acm),
    elasticache: client(outside.elasticache),
    http: guarded(() => "http", outside.http as unknown as Call),
    postgres: connecting("postgres", outside.postgres, (session) => entered("postgres", session)),
    mysql: connecting("mysql", outside.mysql, (session) => entered("mysql", session)),
    redis: connecting("redis", outside.redis, (session) => ({
      command: guarded(([words]) => `redis: ${String(words).slice(0, 30)}`, session.command.bind(session) as Call),
      end: () => session.end(),
    })),
  });
  const { sts } = outside;
  outside.sts = (key) => client(sts(key));
  stage.ledger.client = client(stage.ledger.client);
  stage.bus.client = client(stage.bus.client);
  return killer;
}
