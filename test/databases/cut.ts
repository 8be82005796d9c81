import type { Connect, Outside, Target } from "../../shared/secrets/outside.ts";
import type { Rotation } from "../../shared/secrets/strategy.ts";

/** The process's end, as far as a test can make it: nothing that comes after is done. */
export class Cut extends Error {}

/** Counts calls, and ends everything before or after the n-th. */
export interface Scissors {
  calls: number;
  around<Result>(call: () => Promise<Result>): Promise<Result>;
}

export function scissors(at: number, when: "before" | "after"): Scissors {
  const self: Scissors = {
    calls: 0,
    async around(call) {
      self.calls++;
      const isNow = self.calls === at;
      if (self.calls > at || (isNow && when === "before")) throw new Cut();
      const result = await call();
      if (isNow) throw new Cut();
      return result;
    },
  };
  return self;
}

/** The same database, each of whose calls goes through the scissors. */
export function cutMysql(connect: Connect, by: Scissors): Connect {
  return cut(connect, by, (session) => ({
    query: (statement, values) => by.around(() => session.query(statement, values)),
    end: () => session.end(),
  }));
}

export function cutRedis(connect: Outside["redis"], by: Scissors): Outside["redis"] {
  return cut(connect, by, (session) => ({
    command: (words) => by.around(() => session.command(words)),
    end: () => session.end(),
  }));
}

/** Connecting is a call too: what was opened when it was cut off is closed, as the end of a process closes it. */
function cut<Opened extends { end(): Promise<void> }>(
  connect: (target: Target) => Promise<Opened>,
  by: Scissors,
  through: (session: Opened) => Opened,
): (target: Target) => Promise<Opened> {
  return async (target) => {
    const opened: Opened[] = [];
    try {
      return await by.around(async () => {
        const session = await connect(target);
        opened.push(session);
        return through(session);
      });
    } catch (error) {
      for (const session of opened) await session.end();
      throw error;
    }
  };
}

/** Runs `attempt` with a rotation that is cut off at the first call, at the second, … until it is cut off no more. */
export async function everyCut(
  rotation: Rotation,
  when: "before" | "after",
  attempt: (cut: Rotation) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at++) {
    const by = scissors(at, when);
    const outside = {
      ...rotation.outside,
      mysql: cutMysql(rotation.outside.mysql, by),
      redis: cutRedis(rotation.outside.redis, by),
    };
    const outcome = await attempt({ ...rotation, outside }).catch((error: unknown) => error);
    if (outcome === undefined) continue;
    // The attempt expected to be cut off, and was not: every call has been.
    if (by.calls < at) return at - 1;
    throw outcome;
  }
}
