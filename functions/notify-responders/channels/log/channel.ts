import type { Channel } from "../channel.ts";

/** A structured line in the function's log, for whoever collects those. */
export const logChannel: Channel = {
  async send({ id, reason, severity, audience, level, title, text, incidents, ordinal }, { log }) {
    log.info("page", { page: id, reason, severity, audience, teamLevel: level, ordinal, title, text, incidents });
  },
};
