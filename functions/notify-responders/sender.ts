import type { Dependencies as Common } from "../../shared/dependencies.ts";
import { second } from "../../shared/instant.ts";
import type { Ledger } from "../../shared/ledger/store.ts";
import type { ChannelClients } from "./channels/channel.ts";

export type Dependencies = Common & ChannelClients;

export interface Sender extends Omit<Dependencies, "ledger"> {
  ledger: Ledger;
}

/** Whoever wrote a row may be ahead of us by so much: what is due for them is due. */
export const clockSkew = 2 * second;
