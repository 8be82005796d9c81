import { CreateUserCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { createElastiCache } from "../../simulation/aws/elasticache.ts";
import { credentials } from "./dynamodb-local.ts";
import type { ConnectElastiCache, ElastiCacheConnection } from "./elasticache.contract.ts";

const [userId, userName, firstPassword] = ["shop-1", "shop", "the-first-password-of-all"];

export async function connectSimulatedElastiCache(): Promise<ElastiCacheConnection> {
  let time = Date.UTC(2027, 0, 1);
  const cache = createElastiCache({ now: () => time, changeMs: () => 1_000 });
  cache.putUser(userId, userName, [firstPassword], { team: "shop" });
  const settled = async () => {
    time += 1_000;
  };
  return { send: cache.send, userId, userName, settled };
}

/** An implementation behind HTTP, whose changes are done when they are answered. */
export function connectElastiCache(endpoint: () => Promise<string>): ConnectElastiCache {
  return async () => {
    const settings = { endpoint: await endpoint(), region: "us-east-1", credentials, maxAttempts: 1 };
    const client = new ElastiCacheClient(settings);
    const id = `user-${crypto.randomUUID()}`;
    const input = { UserId: id, UserName: userName, Engine: "redis", AccessString: "on ~* +@all" };
    const Tags = [{ Key: "team", Value: "shop" }];
    await client.send(new CreateUserCommand({ ...input, Tags, Passwords: [firstPassword] }));
    return { send: client.send.bind(client), userId: id, userName, settled: async () => {} };
  };
}
