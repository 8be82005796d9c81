import { isCachingSha2Of } from "../../shared/secrets/databases/mysql-hash.ts";
import type { Connect, Target } from "../../shared/secrets/outside.ts";

/**
 * What MySQL's manual says of two passwords, and no more: RETAIN makes the first password the second, DISCARD throws the second away.
 * No MySQL server: this proves which statements are sent and in which order, not that a server takes them.
 */
export interface ToldMysql {
  connect: Connect;
  /** Every statement that changes something, in order. */
  changes: string[];
  /** The hashes of app@%, as hexadecimal literals. */
  first: string;
  second: string | null;
}

export function toldMysql(first: string, version = "8.4.3"): ToldMysql {
  const told: ToldMysql = { connect, changes: [], first, second: null };

  async function connect({ user, password }: Target) {
    const hashes = [told.first, told.second ?? ""];
    if (user !== "keeper" && !hashes.some((hash) => isOf(hash, password))) {
      throw Object.assign(new Error("Access denied"), { code: "ER_ACCESS_DENIED_ERROR", errno: 1045 });
    }
    return { query: async (statement: string) => answer(statement, user), end: async () => {} };
  }

  function answer(statement: string, user: string): Record<string, unknown>[] {
    if (statement === "SELECT VERSION()") return [{ v: version }];
    if (statement === "SELECT CURRENT_USER()") return [{ u: `${user}@%` }];
    if (statement === "SELECT @@GLOBAL.read_only") return [{ r: 0 }];
    if (statement === "SHOW GRANTS") return [{ g: `GRANT CREATE USER ON *.* TO \`${user}\`@\`%\`` }];
    if (statement.startsWith("SELECT PLUGIN_NAME FROM information_schema.PLUGINS")) return [];
    if (statement.startsWith("SHOW VARIABLES") || statement.startsWith("SET print_identified")) return [];
    if (statement.startsWith("SHOW CREATE USER")) {
      return [{ c: `CREATE USER \`app\`@\`%\` IDENTIFIED WITH 'caching_sha2_password' AS ${told.first} REQUIRE NONE` }];
    }
    const changed =
      /^ALTER USER `app`@`%` (?:IDENTIFIED WITH caching_sha2_password AS (0x[0-9a-f]+)( RETAIN CURRENT PASSWORD)?|DISCARD OLD PASSWORD)$/.exec(
        statement,
      );
    if (changed === null || user !== "keeper") throw new Error(`not foreseen: ${statement}`);
    told.changes.push(statement.replace(/0x[0-9a-f]+/, "0x…"));
    const [, hash, retain] = changed;
    if (hash === undefined || retain !== undefined) told.second = hash === undefined ? null : told.first;
    if (hash !== undefined) told.first = hash;
    return [];
  }
  return told;
}

const known = new Map<string, boolean>();

/** Five thousand rounds are not made twice. */
function isOf(hash: string, password: string): boolean {
  const key = `${hash} ${password}`;
  const answer = known.get(key) ?? isCachingSha2Of(hash, password);
  known.set(key, answer);
  return answer;
}
