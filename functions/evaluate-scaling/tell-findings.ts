import { tell } from "../../shared/bus.ts";
import type { Instant } from "../../shared/instant.ts";
import type { Applying } from "./apply.ts";
import { type Found, findingEvent } from "./findings.ts";

/** On the bus, where they become incidents; and in the log, for whoever looks at the dashboard. */
export async function tellFindings(
  { bus, log, configuration }: Applying,
  target: string,
  at: Instant,
  findings: readonly (Found & { state: "raised" | "cleared" })[],
): Promise<void> {
  await tell(
    bus,
    findings.map(({ state, ...found }) => findingEvent(target, found, state, at, configuration)),
  );
  for (const { rule, state, message } of findings)
    log.info("scaling finding", { target, rule, state, reason: message });
}
