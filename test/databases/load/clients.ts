import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { codeOf } from "../../../shared/secrets/databases/sockets.ts";
import type { Outside, Target } from "../../../shared/secrets/outside.ts";

/**
 * How often a client logs in with what it has read before it reads again. AWS's caching clients keep a value for an hour, and the
 * grace is a day: here the hour is so many logins, and the grace is over when the last client has read again, which is the least
 * that a grace can be. So an entry lives for the whole of a grace, and not for a 24th part of it.
 */
const loginsOfEntry = 5;

/** Clients that log in as fast as they can. Nothing of what they do is tried again. */
export interface Clients {
  logins(): number;
  /** Logins that failed, by the server's code. */
  failed: Map<string, number>;
  /** Resolves when there have been so many more attempts. */
  pass(attempts: number): Promise<void>;
  /** Resolves when no client holds another version than this. */
  haveRead(version: string): Promise<void>;
  /** Resolves when the login of each that is under way has ended. */
  stop(): Promise<void>;
}

interface Entry {
  version: string;
  text: string;
  left: number;
}

export interface Surroundings {
  secrets: Outside["secrets"];
  arn: string;
  /** Logs in, asks one thing, and leaves. Rejects with what the driver throws. */
  enter: (text: string) => Promise<void>;
}

export const clientCount = 16;

export function openClients(surroundings: Surroundings): Clients {
  const failed = new Map<string, number>();
  const held: (Entry | null)[] = Array.from({ length: clientCount }, () => null);
  const waiting = new Set<{ holds: () => boolean; resolve: () => void }>();
  let logins = 0;
  let attempts = 0;
  let isStopped = false;
  const until = (holds: () => boolean) => new Promise<void>((resolve) => void waiting.add({ holds, resolve }));

  async function attempt(client: number): Promise<void> {
    const entry = held[client] ?? null;
    const fresh = entry === null || entry.left === 0 ? await read(surroundings) : entry;
    held[client] = fresh;
    fresh.left -= 1;
    try {
      await surroundings.enter(fresh.text);
      logins += 1;
    } catch (error) {
      const code = codeOf(error) ?? String(error);
      failed.set(code, (failed.get(code) ?? 0) + 1);
    }
    attempts += 1;
    for (const each of waiting) {
      if (!each.holds()) continue;
      waiting.delete(each);
      each.resolve();
    }
  }

  async function go(client: number): Promise<void> {
    while (!isStopped) await attempt(client);
  }
  const all = Promise.all(held.map((_, client) => go(client)));
  return {
    logins: () => logins,
    failed,
    pass(more) {
      const goal = attempts + more;
      return until(() => attempts >= goal);
    },
    haveRead: (version) => until(() => held.every((entry) => entry?.version === version)),
    async stop() {
      isStopped = true;
      await all;
    },
  };
}

async function read({ secrets, arn }: Surroundings): Promise<Entry> {
  const { VersionId = "", SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  return { version: VersionId, text: SecretString, left: loginsOfEntry };
}

/** Where a client that has read this enters, on the server of `place`. */
export function targetIn(place: Target, text: string): Target {
  const { username, password }: { username: string; password: string } = JSON.parse(text);
  return { ...place, user: username, password };
}
