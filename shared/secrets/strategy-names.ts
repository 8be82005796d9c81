/**
 * The names of all strategies, for whoever must know them without carrying what they run: a bundle that imports the strategies
 * carries the drivers of every database.
 */
export const strategyNames = [
  "certificate",
  "elasticache-user",
  "http",
  "iam-access-key",
  "mariadb-dual",
  "mysql-alternating",
  "mysql-dual",
  "mysql-single",
  "postgres-alternating",
  "postgres-single",
  "random",
  "redis-dual",
  "signing-key",
  "webhook",
] as const;

export type StrategyName = (typeof strategyNames)[number];
