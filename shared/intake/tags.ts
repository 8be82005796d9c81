import { ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import type { AlarmRecord } from "../incident/record.ts";
import { minute } from "../instant.ts";
import { isNotThere } from "./not-there.ts";
import type { Receiver } from "./receiver.ts";

/**
 * An alarm's tags: those that are known, unless they are too old for an alarm that must be placed now. An alarm is never
 * held up by them: when they cannot be read it goes on with what is known, and the sweep asks again.
 */
export async function tagsOf(
  { cloudwatch, configuration, log, now }: Receiver,
  { arn, tags }: AlarmRecord,
  mustBeFresh: boolean,
): Promise<AlarmRecord["tags"]> {
  const at = now();
  const limit = configuration.incidents.tagsMaximumAgeMinutes * minute;
  if (tags !== null && (!mustBeFresh || at - tags.at < limit)) return tags;
  try {
    const { Tags = [] } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    const values = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    return { values, at };
  } catch (error) {
    // Gone, or another account's: it has no tags that we could ever read.
    if (isNotThere(error)) return tags ?? { values: {}, at };
    // Denied, throttled, or out of reach: the alarm goes on, and the sweep asks again while it is red.
    log.warn("tags could not be read", { alarm: arn, error: error instanceof Error ? error.name : String(error) });
    return tags;
  }
}
