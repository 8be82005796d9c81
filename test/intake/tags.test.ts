import { type CloudWatchClient, CloudWatchServiceException } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { loadConfiguration } from "../../shared/configuration/files.ts";
import { blankRecord } from "../../shared/incident/record.ts";
import { tagsOf } from "../../shared/intake/tags.ts";

const at = Date.UTC(2026, 0, 1);

/** What is known of an alarm's tags after they were asked for, and the warnings that this was worth. */
async function afterError(name: string): Promise<{ tags: unknown; warnings: string[] }> {
  const warnings: string[] = [];
  const send = async (): Promise<never> => {
    throw new CloudWatchServiceException({ name, $fault: "client", $metadata: {}, message: name });
  };
  const receiver = {
    cloudwatch: { send: send as CloudWatchClient["send"] },
    configuration: loadConfiguration("production", {}).configuration,
    log: { info: () => {}, warn: (message: string) => void warnings.push(message), error: () => {} },
    now: () => at,
    ledger: { client: { send }, table: "ledger" },
    pause: async () => {},
  };
  const alarm = blankRecord("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu", "cpu", "alarm");
  return { tags: await tagsOf(receiver, alarm, true), warnings };
}

test.each(["ResourceNotFound", "ResourceNotFoundException", "InvalidParameterValue", "ValidationError"])(
  "%s: there are no tags that could ever be read",
  async (name) => {
    expect(await afterError(name)).toEqual({ tags: { values: {}, at }, warnings: [] });
  },
);

test.each(["AccessDenied", "ThrottlingException", "InternalServiceFault"])(
  "%s: the tags are not known yet, and somebody reads of it",
  async (name) => {
    expect(await afterError(name)).toEqual({ tags: null, warnings: ["tags could not be read"] });
  },
);
