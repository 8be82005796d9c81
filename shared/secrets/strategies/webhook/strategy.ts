import { issuedStrategy } from "../../apis/strategy.ts";
import type { StrategySettings } from "../../settings.ts";
import type { Strategy } from "../../strategy.ts";

/** A credential that a webhook of one's own makes, tests and revokes. */
export function strategy(settings: StrategySettings): Strategy {
  const summary = "lets a webhook make, test and revoke a credential, told by signed requests";
  return issuedStrategy({ name: "webhook", summary, kind: "webhook" }, settings);
}
