/**
 * The names of all strategies, for whoever must know them without carrying what they run: a bundle that imports the strategies
 * carries the drivers of every database.
 */
export const strategyNames = [
  "postgres-alternating",
  "postgres-single",
  "mysql-alternating",
  "mysql-dual",
  "mysql-single",
  "mariadb-dual",
  "redis-dual",
  "elasticache-user",
  "iam-access-key",
  "http",
  "webhook",
  "certificate",
  "signing-key",
  "random",
] as const;
