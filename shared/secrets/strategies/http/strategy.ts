import { issuedStrategy } from "../../apis/strategy.ts";
import type { StrategySettings } from "../../settings.ts";
import type { Strategy } from "../../strategy.ts";

/** A credential of an API that the configuration describes by its requests. */
export function strategy(settings: StrategySettings): Strategy {
  const summary = "makes, tests and revokes a credential by the requests that secrets.apis describes";
  return issuedStrategy({ name: "http", summary, kind: "api" }, settings);
}
