import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ACMClient } from "@aws-sdk/client-acm";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { IAMClient } from "@aws-sdk/client-iam";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import { connectMysql } from "./databases/mysql.ts";
import { connectPostgres } from "./databases/postgres.ts";
import { connectRedis } from "./databases/redis.ts";
import type { Outside } from "./outside.ts";

/** Everything that strategies reach, for real. `options` are those of every client. */
export function reach(options: object): Outside {
  return {
    secrets: new SecretsManagerClient(options),
    iam: new IAMClient(options),
    sts: (credentials) => new STSClient({ ...options, credentials }),
    acm: new ACMClient(options),
    elasticache: new ElastiCacheClient(options),
    ...{ postgres: connectPostgres, mysql: connectMysql, redis: connectRedis },
    http: (request) => fetch(request),
    random: randomBytes,
    pause,
  };
}

/** Long enough for what is eventually consistent: a tenth of a second first, five at last, half a minute for eight in all. */
async function pause(attempt: number): Promise<void> {
  await wait(Math.min(longestMs, firstMs * 2 ** attempt));
}

const firstMs = 100;
const longestMs = 5_000;
