import { afterAll, beforeAll, describe, test } from "vitest";
import { missingRedis, type Redis, startRedis } from "../databases/redis-server.ts";
import { redisScene, toldMysqlScene } from "./database-scenes.ts";
import { holds, onServers, stride } from "./deaths.ts";
import { certificateScene, elastiCacheScene, httpScene, iamScene, textScene, webhookScene } from "./scenes.ts";

// Those on PostgreSQL and on MariaDB are in files of their own, so that they run at the same time.

const overHttp = stride === 1 ? 1 : 3;

describe("whoever rotates may die before and after each of its calls", () => {
  test("of a random value", () => holds("random", () => textScene("random")));
  test("of a signing key", () => holds("signing-key", () => textScene("signing-key")));
  test("of an IAM access key", () => holds("iam-access-key", iamScene));
  test("of a key that an API makes", onServers, () => holds("http", httpScene, overHttp));
  test("of a key that a webhook makes", onServers, () => holds("webhook", webhookScene, overHttp));
  test("of a certificate that ACM serves", onServers, () => holds("certificate", certificateScene, overHttp));
  test("of an ElastiCache user's password", () => holds("elasticache-user", elastiCacheScene));
  // No MySQL server is to be had here: what it would do is told after its manual.
  test("of a MySQL user with two passwords", onServers, () =>
    holds("mysql-dual, as MySQL's manual tells it", toldMysqlScene, stride),
  );
});

const noRedis = missingRedis();
if (noRedis !== undefined) process.stdout.write(`rotations on Redis are not tried: ${noRedis}\n`);

describe.skipIf(noRedis !== undefined)("on a Redis", onServers, () => {
  let server: Redis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  test("with two passwords", () => holds("redis-dual", () => redisScene(server), stride));
});
