import type { Configuration } from "../configuration/schema.ts";
import { suggestion } from "../text.ts";
import { type Engine, engineOf } from "./databases/target.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import type { StrategySettings } from "./settings.ts";
import type { Strategy } from "./strategy.ts";
import { strategyTag, type Tags } from "./tags.ts";
import { fieldsOf, type Value } from "./value.ts";

/** Every strategy: one folder each. It is loaded when it is used, so that a function does not wait for the drivers of the others. */
export const strategies: Readonly<Record<string, (settings: StrategySettings) => Promise<Strategy>>> = {
  certificate: async (settings) => (await import("./strategies/certificate/strategy.ts")).certificate(settings),
  "elasticache-user": async () => (await import("./strategies/elasticache-user/strategy.ts")).elasticacheUser,
  http: async (settings) => (await import("./strategies/http/strategy.ts")).http(settings),
  "iam-access-key": async () => (await import("./strategies/iam-access-key/strategy.ts")).iamAccessKey,
  "mariadb-dual": async () => (await import("./strategies/mariadb-dual/strategy.ts")).strategy,
  "mysql-alternating": async () => (await import("./strategies/mysql-alternating/strategy.ts")).strategy,
  "mysql-dual": async () => (await import("./strategies/mysql-dual/strategy.ts")).strategy,
  "mysql-single": async () => (await import("./strategies/mysql-single/strategy.ts")).strategy,
  "postgres-alternating": async () => (await import("./strategies/postgres-alternating/strategy.ts")).strategy,
  "postgres-single": async () => (await import("./strategies/postgres-single/strategy.ts")).strategy,
  random: async () => (await import("./strategies/random/strategy.ts")).random,
  "redis-dual": async () => (await import("./strategies/redis-dual/strategy.ts")).strategy,
  "signing-key": async () => (await import("./strategies/signing-key/strategy.ts")).signingKey,
  webhook: async (settings) => (await import("./strategies/webhook/strategy.ts")).webhook(settings),
};

/** What suits a kind whose secret holds a database's engine. */
const byEngine: Record<Engine, string> = {
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
  const load = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (load !== undefined) return await load(settings);
  const known = Object.keys(strategies);
  const problem = `there is no strategy ${name}${suggestion(name, known)}`;
  return failure("malformed", problem, `correct its tag ${strategyTag}: one of ${known.join(", ")}`);
}
