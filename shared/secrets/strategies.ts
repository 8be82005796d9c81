import type { Configuration } from "../configuration/schema.ts";
import { suggestion } from "../text.ts";
import { type Engine, engineOf } from "./databases/target.ts";
import { type Failure, failure, isFailure } from "./failure.ts";
import type { StrategySettings } from "./settings.ts";
import type { Strategy } from "./strategy.ts";
import { type StrategyName, strategyNames } from "./strategy-names.ts";
import { strategyTag, type Tags } from "./tags.ts";
import { fieldsOf, type Value } from "./value.ts";

/** What the file of a strategy exports: some take something from the configuration. */
interface Loaded {
  strategy: Strategy | ((settings: StrategySettings) => Strategy);
}

/** Every strategy: one folder each. It is loaded when it is used, so that a function does not wait for the drivers of the others. */
export const strategies: Readonly<Record<StrategyName, () => Promise<Loaded>>> = {
  certificate: () => import("./strategies/certificate/strategy.ts"),
  "elasticache-user": () => import("./strategies/elasticache-user/strategy.ts"),
  http: () => import("./strategies/http/strategy.ts"),
  "iam-access-key": () => import("./strategies/iam-access-key/strategy.ts"),
  "mariadb-dual": () => import("./strategies/mariadb-dual/strategy.ts"),
  "mysql-alternating": () => import("./strategies/mysql-alternating/strategy.ts"),
  "mysql-dual": () => import("./strategies/mysql-dual/strategy.ts"),
  "mysql-single": () => import("./strategies/mysql-single/strategy.ts"),
  "postgres-alternating": () => import("./strategies/postgres-alternating/strategy.ts"),
  "postgres-single": () => import("./strategies/postgres-single/strategy.ts"),
  random: () => import("./strategies/random/strategy.ts"),
  "redis-dual": () => import("./strategies/redis-dual/strategy.ts"),
  "signing-key": () => import("./strategies/signing-key/strategy.ts"),
  webhook: () => import("./strategies/webhook/strategy.ts"),
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
    const { strategy } = await strategies[known]();
    return typeof strategy === "function" ? strategy(settings) : strategy;
  }
  const problem = `there is no strategy ${name}${suggestion(name, strategyNames)}`;
  return failure("malformed", problem, `correct its tag ${strategyTag}: one of ${strategyNames.join(", ")}`);
}
