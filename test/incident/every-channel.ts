import type { Channel } from "../../shared/configuration/schema.ts";
import { policyWith } from "./stage.ts";

/** How a team names each channel. */
const channels: { readonly [Type in Channel["type"]]: Extract<Channel, { type: Type }> } = {
  sns: { type: "sns" },
  log: { type: "log" },
};

const level = { channels: Object.values(channels) };

/** The policy, and everybody is told on every channel that there is. */
export const onEveryChannel = policyWith({ teams: { operations: { levels: [level, level, level] } } });
