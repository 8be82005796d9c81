// What canary.test.ts does, on real servers: they see the rotations, log every statement, and refuse for real.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../sandbox/server.ts";
import { type MariaDb, missingMariaDb, startMariaDb } from "../databases/mariadb-server.ts";
import { missingPostgres, type PostgresServer, startPostgres } from "../databases/postgres-server.ts";
import { missingRedis, type Redis, startRedis } from "../databases/redis-server.ts";
import { everyCommand } from "./canary/commands.ts";
import { type Broken, mariaDbScene, postgresScene, redisScene } from "./canary/database-scenes.ts";
import { leaksIn } from "./canary/leaks.ts";
import { type Marks, marked, marksOf } from "./canary/marks.ts";
import { everyFault, type Scene, tell, walk } from "./canary/walk.ts";

/** Whether each call fails, or every fifth: as in test/databases/load.test.ts. */
const isWhole = process.env.NIGHTSHIFT_DATABASES === "1";

interface Server {
  otherCa: string;
  log(): string;
  stop(): Promise<void>;
}

type Make<Running> = (server: Running, strategy: string, broken?: Broken) => Promise<Scene>;

/** Secrets that are wrong, and why their rotation then fails. */
const wrong: [what: string, reason: string, broken: (server: Server) => Promise<Broken> | Broken][] = [
  ["a wrong password", "authentication", () => ({ fields: { password: marked("wrong") } })],
  ["a wrong password of the administrator", "authentication", () => ({ administrator: { password: marked("wrong") } })],
  ["a user who is not there", "authentication", () => ({ fields: { username: "nobody_here" } })],
  ["a port where nobody is", "network", async () => ({ fields: { port: await freePort() } })],
  ["another authority", "tls", (server) => ({ fields: { sslrootcert: server.otherCa } })],
  ["an administrator for another host", "policy", () => ({ administrator: { host: "other.example.com" } })],
  ["an administrator without privileges", "privilege", () => ({ isPowerless: true })],
  ["JSON that breaks off", "malformed", () => ({ text: (text) => text.slice(0, -1) })],
  ["JSON that is a text", "malformed", () => ({ text: (text) => JSON.stringify(text) })],
  ["an engine that is a password", "malformed", () => ({ fields: { engine: marked("engine") } })],
  ["a port that is a password", "malformed", () => ({ fields: { port: marked("port") } })],
  ["an sslmode that is a password", "malformed", () => ({ fields: { sslmode: marked("sslmode") } })],
  ["a host that is an address with a password", "malformed", () => ({ fields: { host: `a:${marked("host")}@b` } })],
  ["a password that is a number", "authentication", () => ({ fields: { password: 7_316_984_250_116 } })],
];

interface Searched<Running> {
  name: string;
  missing: string | undefined;
  strategies: readonly string[];
  start: () => Promise<Running>;
  make: Make<Running>;
}

function searchedOn<Running extends Server>({ name, missing, strategies, start, make }: Searched<Running>): void {
  if (missing !== undefined) {
    if (!isWhole) process.stdout.write(`no value is looked for on ${name}: ${missing}\n`);
    test.skipIf(!isWhole)(`${name} can be started`, () => expect(missing).toBeUndefined());
    return;
  }
  describe(`nothing of a value leaves, nor is in the log of a ${name}`, { timeout: 500_000 }, () => {
    let server: Running;
    const gathered: (() => Marks)[] = [];
    const marks: Marks = new Map();
    const remembered = async (strategy: string, broken?: Broken): Promise<Scene> => {
      const scene = await make(server, strategy, broken);
      // What is generated is searched as well, so they are gathered when the scene is over: at the end.
      gathered.push(() => marksOf(scene.stage.secrets));
      return scene;
    };
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    test.each(strategies)("with everything outside failing: %s", async (strategy) => {
      const searched = await everyFault(() => remembered(strategy), isWhole ? "one way" : "few");
      tell(strategy, searched);
      expect(searched.leaks).toEqual([]);
      expect(searched.reasons.size).toBeGreaterThan(isWhole ? 6 : 3);
    });

    test.each(strategies)("with commands: %s", async (strategy) => {
      expect(await everyCommand(() => remembered(strategy))).toEqual([]);
    });

    describe.each(strategies)("with a secret that is wrong: %s", (strategy) => {
      test.each(wrong)("%s: %s", async (_, reason, broken) => {
        const scene = await remembered(strategy, await broken(server));
        const { leaks, reasons } = await walk(scene, null);
        expect(leaks).toEqual([]);
        expect([...reasons]).toContain(reason);
      });
    });

    test("the server has seen statements, and no value in them", () => {
      for (const each of gathered) for (const [mark, what] of each()) marks.set(mark, what);
      const text = server.log();
      // What it makes of passwords is there: so what it was sent of them is.
      expect(text).toMatch(/SCRAM-SHA-256\$|\*[0-9A-F]{40}|#[0-9a-f]{64}/);
      expect(leaksIn([{ door: "server's log", text }], new Map([["canary", "a user"]]))).not.toEqual([]);
      expect(leaksIn([{ door: "server's log", text }], marks)).toEqual([]);
      process.stdout.write(
        `${name}: ${marks.size} values looked for in ${text.length} characters of its log, 0 found\n`,
      );
    });
  });
}

searchedOn<PostgresServer>({
  ...{ name: "PostgreSQL", missing: missingPostgres(), strategies: ["postgres-alternating", "postgres-single"] },
  ...{ start: startPostgres, make: postgresScene },
});

searchedOn<MariaDb>({
  ...{ name: "MariaDB", missing: missingMariaDb() },
  ...{ strategies: ["mariadb-dual", "mysql-alternating", "mysql-single"], start: startMariaDb, make: mariaDbScene },
});

searchedOn<Redis & Server>({
  ...{ name: "Redis", missing: missingRedis(), strategies: ["redis-dual"], make: redisScene },
  // It logs no command; but it writes what it knows of its users to a file.
  start: async () => {
    const server = await startRedis();
    return { ...server, log: server.file };
  },
});
