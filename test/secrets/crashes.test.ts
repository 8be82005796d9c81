import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { day } from "../../shared/instant.ts";
import { type MariaDb, missingMariaDb, startMariaDb } from "../databases/mariadb-server.ts";
import { missingRedis, type Redis, startRedis } from "../databases/redis-server.ts";
import { crashMatrix, type Scene, tell } from "./crash-matrix.ts";
import { iamScene, mariaDbScene, redisScene, textScene } from "./scenes.ts";

/** The rotation after the first, when the one before is over its grace. */
function second(setUp: () => Promise<Scene>): () => Promise<Scene> {
  return async () => {
    const scene = await setUp();
    await scene.stage.rotate(scene.arn);
    scene.stage.time.now += 2 * day;
    return scene;
  };
}

async function holds(name: string, setUp: () => Promise<Scene>): Promise<void> {
  for (const [which, scene] of [
    ["first", setUp],
    ["second", second(setUp)],
  ] as const) {
    const matrix = await crashMatrix(scene);
    tell(`${name}, ${which} rotation`, matrix);
    expect(matrix.broken).toEqual([]);
    expect(matrix.deaths).toBeGreaterThan(20);
  }
}

describe("whoever rotates may die before and after each of its calls", () => {
  test("of a random value", () => holds("random", () => textScene("random")));
  test("of a signing key", () => holds("signing-key", () => textScene("signing-key")));
  test("of an IAM access key", () => holds("iam-access-key", iamScene));
});

const noMariaDb = missingMariaDb();
if (noMariaDb !== undefined) process.stdout.write(`rotations on MariaDB are not tried: ${noMariaDb}\n`);

describe.skipIf(noMariaDb !== undefined)("on a MariaDB", { timeout: 120_000 }, () => {
  let server: MariaDb;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("mariadb-dual", () => mariaDbScene(server, "mariadb-dual")));
  test("with two users", () => holds("mysql-alternating", () => mariaDbScene(server, "mysql-alternating")));
});

const noRedis = missingRedis();
if (noRedis !== undefined) process.stdout.write(`rotations on Redis are not tried: ${noRedis}\n`);

describe.skipIf(noRedis !== undefined)("on a Redis", { timeout: 120_000 }, () => {
  let server: Redis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("redis-dual", () => redisScene(server)));
});
