import { describe, expect, test } from "vitest";
import { changed, golden, parseOne } from "./documents.ts";

const still = golden("static");
const contributor = golden("insights-contributor");

function transition(document: unknown) {
  const delivery = parseOne(document);
  if (delivery.type !== "transition") throw new Error(JSON.stringify(delivery));
  return delivery;
}

describe("what no alarm of CloudWatch's can be", () => {
  const { account, region } = still.expected.alarm;

  test.each([
    ["a name of 256 characters", "detail.alarmName", "z".repeat(256), "must have at most 255 characters; it has 256"],
    ["an account of 13 digits", "account", "9".repeat(13), `must be an account's number; it is "${"9".repeat(13)}"`],
  ])("%s", (_, path, value, problem) => {
    const document = changed(changed(still.event, "resources", []), path, value);
    expect(parseOne(document)).toMatchObject({ type: "unparsed", path, problem });
  });

  test("a contributor's id of more than 128 characters", () => {
    const path = "detail.alarmContributor.id";
    expect(transition(changed(contributor.event, path, "c".repeat(128))).contributor?.id).toHaveLength(128);
    const problem = "must have at most 128 characters; it has 129";
    expect(parseOne(changed(contributor.event, path, "c".repeat(129)))).toMatchObject({
      type: "unparsed",
      path,
      problem,
    });
  });

  test("the ARN of an alarm of another name is not taken for this one's", () => {
    const other = `arn:aws:cloudwatch:us-east-1:${account}:alarm:another`;
    const own = `arn:aws:cloudwatch:us-east-1:${account}:alarm:${still.expected.alarm.name}`;
    expect(transition(changed(still.event, "resources", [other])).alarm).toEqual(still.expected.alarm);
    expect(transition(changed(still.event, "resources", [other, own])).alarm).toMatchObject({
      arn: own,
      region: "us-east-1",
    });
    expect(transition(changed(still.topic, "AlarmArn", other)).alarm).toMatchObject({ account, region });
  });

  test("half a surrogate pair is replaced wherever it stands: it can be neither stored nor sent", () => {
    const name = "half \ud800 a pair";
    const mended = transition(
      changed(changed(still.event, "detail.alarmName", name), "resources", [`${still.expected.alarm.arn}`]),
    ).alarm;
    expect(mended.name).toBe("half \ufffd a pair");
    expect(mended.arn).toBe(`arn:aws:cloudwatch:${region}:${account}:alarm:half \ufffd a pair`);
  });

  test("of more metrics than anybody reads, the first are kept", () => {
    const metric = { namespace: "n".repeat(1_000), name: "m", dimensions: {} };
    const metrics = Array.from({ length: 400 }, (_, index) => ({ id: `m${index}`, metricStat: { metric } }));
    const kept = transition(changed(still.event, "detail.configuration.metrics", metrics)).alarm.metrics;
    expect(kept.length).toBeGreaterThan(20);
    expect(JSON.stringify(kept).length).toBeLessThan(41_000);
  });
});
