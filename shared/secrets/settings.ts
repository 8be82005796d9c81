import type { Configuration } from "../configuration/schema.ts";

/** What strategies take from the configuration. */
export type StrategySettings = Pick<Configuration["secrets"], "apis" | "webhooks" | "certificates">;
