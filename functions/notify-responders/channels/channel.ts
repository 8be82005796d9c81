import type { SNSClient } from "@aws-sdk/client-sns";
import type { ChannelType, Outgoing } from "../../../shared/incident/rows.ts";
import type { Log } from "../../../shared/log.ts";
import type { Severity } from "../../../shared/severity.ts";
import { logChannel } from "./log/channel.ts";
import { snsChannel } from "./sns/channel.ts";

/** What channels may use. */
export interface ChannelClients {
  sns: Pick<SNSClient, "send">;
  topics: Record<Severity, string>;
  log: Log;
}

/** One way to reach people. Resolves when the message was accepted; throws when it was not, and is tried again later. */
export interface Channel {
  send(message: Outgoing, clients: ChannelClients): Promise<void>;
}

/** One folder each: a new channel comes with its folder, its line here, and its word in the configuration's schema. */
export const channels: Readonly<Record<ChannelType, Channel>> = { sns: snsChannel, log: logChannel };
