import type { Outside, Session } from "../../shared/secrets/outside.ts";

export interface CutOff {
  outside: Outside;
  /** Whether it came to the cut. */
  isCut(): boolean;
}

/** What a call that is never answered rejects with. */
export class Ended extends Error {}

/**
 * The same outside for a process that is cut off after so many calls of Secrets Manager and databases: the last of them is carried
 * out and never answered, and nothing that would come after it happens, other than that connections end. For what it leaves
 * behind it is the same whether it ends then or just before its next call.
 */
export function cutOffAfter(outside: Outside, maximumCalls: number): CutOff {
  let calls = 0;
  let isCut = false;
  const through = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    calls += 1;
    const answered = calls <= maximumCalls ? await Promise.allSettled([call()]) : [];
    isCut = calls >= maximumCalls;
    const [answer] = answered;
    if (isCut || answer === undefined) throw new Ended();
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  };
  const send = outside.secrets.send as (command: unknown) => Promise<unknown>;
  const cut = {
    ...outside,
    secrets: { send: (command: unknown) => through(() => send(command)) },
    postgres: async (target: Parameters<Outside["postgres"]>[0]): Promise<Session> => {
      let opened: Session | undefined;
      try {
        const session = await through(async () => {
          opened = await outside.postgres(target);
          return opened;
        });
        return {
          query: (statement, values) => through(() => session.query(statement, values)),
          end: () => session.end(),
        };
      } catch (error) {
        await opened?.end();
        throw error;
      }
    },
  };
  return { outside: cut as unknown as Outside, isCut: () => isCut };
}
