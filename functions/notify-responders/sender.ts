import type { SNSClient } from "@aws-sdk/client-sns";
import type { Dependencies as Common } from "../../shared/dependencies.ts";
import type { Ledger } from "../../shared/incident/store.ts";
import { second } from "../../shared/instant.ts";
import type { Severity } from "../../shared/severity.ts";

export interface Dependencies extends Common {
  sns: Pick<SNSClient, "send">;
  topics: Record<Severity, string>;
}

export interface Sender extends Omit<Dependencies, "ledger"> {
  ledger: Ledger;
}

/** Whoever wrote a row may be ahead of us by so much: what is due for them is due. */
export const clockSkew = 2 * second;
