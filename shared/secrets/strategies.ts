import type { Configuration } from "../configuration/schema.ts";
import { suggestion } from "../text.ts";
import { type Engine, engineOf } from "./databases/target.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import type { StrategySettings } from "./settings.ts";
import { strategy as certificate } from "./strategies/certificate/strategy.ts";
import { strategy as elasticacheUser } from "./strategies/elasticache-user/strategy.ts";
import { strategy as http } from "./strategies/http/strategy.ts";
import { strategy as iamAccessKey } from "./strategies/iam-access-key/strategy.ts";
import { strategy as mariadbDual } from "./strategies/mariadb-dual/strategy.ts";
import { strategy as mysqlAlternating } from "./strategies/mysql-alternating/strategy.ts";
import { strategy as mysqlDual } from "./strategies/mysql-dual/strategy.ts";
import { strategy as mysqlSingle } from "./strategies/mysql-single/strategy.ts";
import { strategy as postgresAlternating } from "./strategies/postgres-alternating/strategy.ts";
import { strategy as postgresSingle } from "./strategies/postgres-single/strategy.ts";
import { strategy as random } from "./strategies/random/strategy.ts";
import { strategy as redisDual } from "./strategies/redis-dual/strategy.ts";
import { strategy as signingKey } from "./strategies/signing-key/strategy.ts";
import { strategy as webhook } from "./strategies/webhook/strategy.ts";
import type { Strategy } from "./strategy.ts";
import { type StrategyName, strategyNames } from "./strategy-names.ts";
import { strategyTag, type Tags } from "./tags.ts";
import { fieldsOf, type Value } from "./value.ts";

/**
 * Every strategy: one folder each. Only the drivers of databases are loaded when they are used; loading the strategies themselves so
 * would make the start of a function a fifth longer.
 */
export const strategies: Readonly<Record<StrategyName, Strategy | ((settings: StrategySettings) => Strategy)>> = {
  certificate,
  "elasticache-user": elasticacheUser,
  http,
  "iam-access-key": iamAccessKey,
  "mariadb-dual": mariadbDual,
  "mysql-alternating": mysqlAlternating,
  "mysql-dual": mysqlDual,
  "mysql-single": mysqlSingle,
  "postgres-alternating": postgresAlternating,
  "postgres-single": postgresSingle,
  random,
  "redis-dual": redisDual,
  "signing-key": signingKey,
  webhook,
};

/** What suits a kind whose secret holds a database's engine. */
const byEngine: Record<Engine, StrategyName> = {
  postgres: "postgres-alternating",
  mysql: "mysql-alternating",
  mariadb: "mariadb-dual",
  redis: "redis-dual",
};

/** The strategy's name: the secret's tag says it, else its kind's configuration, else what the secret holds. */
export function strategyNameOf(
  { kind, tags }: { kind: string; tags: Tags },
  value: Value,
  { secrets }: Pick<Configuration, "secrets">,
): string | Failure {
  const stated = tags[strategyTag] ?? (Object.hasOwn(secrets.kinds, kind) ? secrets.kinds[kind]?.strategy : undefined);
  if (stated !== undefined) return stated;
  switch (kind) {
    case "database-password": {
      const fields = fieldsOf(value);
      if (isFailure(fields)) return fields;
      const engine = engineOf(fields);
      return isFailure(engine) ? engine : byEngine[engine];
    }
    case "service-account":
      return "iam-access-key";
    case "certificate":
      return "certificate";
    case "api-key":
      return "http";
    default:
      return failure(
        "malformed",
        `its kind ${kind} has no strategy`,
        `tag it ${strategyTag}, or state the kind's strategy`,
      );
  }
}

export async function strategyNamed(name: string, settings: StrategySettings): Promise<Strategy | Failure> {
  const known = strategyNames.find((each) => each === name);
  if (known !== undefined) {
    const strategy = strategies[known];
    return typeof strategy === "function" ? strategy(settings) : strategy;
  }
  const problem = `there is no strategy ${name}${suggestion(name, strategyNames)}`;
  return failure("malformed", problem, `correct its tag ${strategyTag}: one of ${strategyNames.join(", ")}`);
}
