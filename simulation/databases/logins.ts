import type { Instant } from "../../shared/instant.ts";

/** One credential that a server lets in, from when until when. */
export interface Life {
  server: string;
  user: string;
  /** What the server keeps of the password. */
  hash: string;
  bornAt: Instant;
  diedAt: Instant | null;
}

/** Who is let in by a server, whatever language it speaks. */
export interface Logins {
  readonly host: string;
  /** Every credential that was ever let in. */
  readonly lives: readonly Life[];
  /** While it is false nobody gets an answer. */
  isReachable: boolean;
  hashesOf(user: string): readonly string[] | null;
  /** From now on these alone open the account. */
  put(user: string, hashes: readonly string[], bornAt?: Instant): void;
}

export function createLogins(host: string, now: () => Instant, tell: () => void): Logins {
  const users = new Map<string, readonly string[]>();
  const lives: Life[] = [];
  return {
    host,
    lives,
    isReachable: true,
    hashesOf: (user) => users.get(user) ?? null,
    put(user, hashes, bornAt = now()) {
      const before = users.get(user) ?? [];
      users.set(user, hashes);
      for (const hash of before) {
        const life = lives.find((each) => each.user === user && each.hash === hash && each.diedAt === null);
        if (life !== undefined && !hashes.includes(hash)) life.diedAt = now();
      }
      for (const hash of hashes) {
        if (!before.includes(hash)) lives.push({ server: host, user, hash, bornAt, diedAt: null });
      }
      tell();
    },
  };
}

/** Named as Node names it. */
export function unreachable(host: string): Error {
  return Object.assign(new Error(`${host} does not answer`), { code: "ETIMEDOUT" });
}
