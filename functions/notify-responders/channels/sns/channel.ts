import { PublishCommand } from "@aws-sdk/client-sns";
import type { Outgoing } from "../../../../shared/incident/rows.ts";
import { iso } from "../../../../shared/instant.ts";
import { clipped } from "../../../../shared/text.ts";
import type { Channel } from "../channel.ts";

/**
 * The topic of the page's severity. Subscriptions can filter on the attributes `audience`, `severity` and `reason`;
 * the attribute `page` is the same however often one page is sent.
 */
export const snsChannel: Channel = {
  async send(message, { sns, topics }) {
    const { severity, audience, reason, id } = message;
    await sns.send(
      new PublishCommand({
        TopicArn: topics[severity],
        Subject: subject(message),
        Message: body(message),
        MessageAttributes: {
          page: attribute(id),
          audience: attribute(audience),
          severity: attribute(severity),
          reason: attribute(reason),
        },
      }),
    );
  },
};

/** SNS limits a subject to 100 characters of ASCII, and a mail client shows less. */
function subject({ severity, reason, title }: Outgoing): string {
  const ascii = `[${severity}] ${reason}: ${title}`.replace(/[^\x20-\x7e]/gu, "?");
  return ascii.length > maximumSubject ? `${ascii.slice(0, maximumSubject - 3)}...` : ascii;
}

const maximumSubject = 99;
/** With all else far below the 256 KiB that SNS takes, whatever the alphabet: a person reads it. What is in it is harmless already. */
const maximumText = 12_000;

function body({
  severity,
  reason,
  title,
  text,
  incidents,
  audience,
  level,
  episode,
  ordinal,
  createdAt,
  id,
}: Outgoing): string {
  return [
    `${severity} ${reason}: ${title}`,
    clipped(text, maximumText),
    "",
    `incidents: ${incidents.slice(0, 100).join(", ")}${incidents.length > 100 ? ` and ${incidents.length - 100} more` : ""}`,
    `to: ${audience} (level ${level})${episode === null ? "" : `, episode ${episode}`}, ${reason} no. ${ordinal}`,
    `written: ${iso(createdAt)}, page ${id}`,
  ].join("\n");
}

function attribute(value: string) {
  return { DataType: "String", StringValue: value };
}
