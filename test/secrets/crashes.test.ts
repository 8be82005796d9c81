import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../shared/instant.ts";
import { type MariaDb, missingMariaDb, startMariaDb } from "../databases/mariadb-server.ts";
import { runningPostgres, withoutPostgres } from "../databases/on-postgres.ts";
import { missingRedis, type Redis, startRedis } from "../databases/redis-server.ts";
import { crashMatrix, type Scene, tell } from "./crash-matrix.ts";
import { elastiCacheScene, httpScene, iamScene, mariaDbScene, postgresScene, redisScene, textScene } from "./scenes.ts";

/** The rotation after the first, when the credential before is retired. */
function second(setUp: () => Promise<Scene>): () => Promise<Scene> {
  return async () => {
    const scene = await setUp();
    await scene.stage.rotate(scene.arn);
    scene.stage.time.now += 2 * day;
    await scene.stage.heal();
    return scene;
  };
}

const onServers = { timeout: 400_000 };

/** On a server each death takes a second: every day some of them, and all where there is time. */
const stride = process.env.NIGHTSHIFT_DATABASES === "1" ? 1 : 27;

async function holds(name: string, setUp: () => Promise<Scene>, every = 1, isOnServer = false): Promise<void> {
  for (const [which, scene] of [
    ["first", setUp],
    ["second", second(setUp)],
  ] as const) {
    for (const healer of ["retry", "healing"] as const) {
      // What nobody calls again is the same for many neighbouring calls, and takes longer.
      const matrix = await crashMatrix(scene, healer, healer === "retry" || !isOnServer ? every : Math.max(every, 5));
      tell(`${name}, ${which} rotation, ${healer === "retry" ? "called again" : "never called again"}`, matrix);
      expect(matrix.broken).toEqual([]);
      expect(matrix.deaths).toBeGreaterThan(40 / Math.max(every, 5));
    }
  }
}

describe("whoever rotates may die before and after each of its calls", () => {
  test("of a random value", () => holds("random", () => textScene("random")));
  test("of a signing key", () => holds("signing-key", () => textScene("signing-key")));
  test("of an IAM access key", () => holds("iam-access-key", iamScene));
  test("of a key that an API makes", onServers, () => holds("http", httpScene, stride === 1 ? 1 : 3, true));
  test("of an ElastiCache user's password", () => holds("elasticache-user", elastiCacheScene));
});

describe.skipIf(withoutPostgres("deaths"))("on a PostgreSQL", onServers, () => {
  const server = runningPostgres();
  test("with two users", () =>
    holds("postgres-alternating", () => postgresScene(server(), "postgres-alternating"), stride, true));
});

const noMariaDb = missingMariaDb();
if (noMariaDb !== undefined) process.stdout.write(`rotations on MariaDB are not tried: ${noMariaDb}\n`);

describe.skipIf(noMariaDb !== undefined)("on a MariaDB", onServers, () => {
  let server: MariaDb;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("mariadb-dual", () => mariaDbScene(server, "mariadb-dual"), stride, true));
  test("with two users", () =>
    holds("mysql-alternating", () => mariaDbScene(server, "mysql-alternating"), stride, true));
});

const noRedis = missingRedis();
if (noRedis !== undefined) process.stdout.write(`rotations on Redis are not tried: ${noRedis}\n`);

describe.skipIf(noRedis !== undefined)("on a Redis", onServers, () => {
  let server: Redis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("redis-dual", () => redisScene(server), stride, true));
});
