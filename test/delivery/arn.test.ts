import { expect, test } from "vitest";
import { alarmArn, parseAlarmArn, regionCode } from "../../shared/delivery/arn.ts";
import { places } from "../../shared/delivery/regions.ts";

test.each([
  ["US - N. Virginia", "us-east-1"],
  ["US East (N. Virginia)", "us-east-1"],
  ["US East - N. Virginia", "us-east-1"],
  ["US East (Northern Virginia)", "us-east-1"],
  ["US East (Ohio)", "us-east-2"],
  ["US - N. California", "us-west-1"],
  ["US West (N. California)", "us-west-1"],
  ["US West (Oregon)", "us-west-2"],
  ["US - Oregon", "us-west-2"],
  ["EU (Ireland)", "eu-west-1"],
  ["EU - Ireland", "eu-west-1"],
  ["Europe (Ireland)", "eu-west-1"],
  ["EU (London)", "eu-west-2"],
  ["Europe (Paris)", "eu-west-3"],
  ["EU (Frankfurt)", "eu-central-1"],
  ["EU Central (Frankfurt)", "eu-central-1"],
  ["Europe (Zurich)", "eu-central-2"],
  ["EU (Stockholm)", "eu-north-1"],
  ["Europe (Milan)", "eu-south-1"],
  ["Europe (Spain)", "eu-south-2"],
  ["Asia Pacific (Singapore)", "ap-southeast-1"],
  ["APAC - Singapore", "ap-southeast-1"],
  ["Asia Pacific - Sydney", "ap-southeast-2"],
  ["Asia Pacific (Jakarta)", "ap-southeast-3"],
  ["Asia Pacific (Melbourne)", "ap-southeast-4"],
  ["Asia Pacific (Malaysia)", "ap-southeast-5"],
  ["Asia Pacific (New Zealand)", "ap-southeast-6"],
  ["Asia Pacific (Thailand)", "ap-southeast-7"],
  ["Asia Pacific (Tokyo)", "ap-northeast-1"],
  ["Asia Pacific (Seoul)", "ap-northeast-2"],
  ["Asia Pacific (Osaka-Local)", "ap-northeast-3"],
  ["Asia Pacific (Osaka)", "ap-northeast-3"],
  ["Asia Pacific (Mumbai)", "ap-south-1"],
  ["Asia Pacific (Hyderabad)", "ap-south-2"],
  ["Asia Pacific (Hong Kong)", "ap-east-1"],
  ["Asia Pacific (Taipei)", "ap-east-2"],
  ["South America (São Paulo)", "sa-east-1"],
  ["South America - Sao Paulo", "sa-east-1"],
  ["Canada (Central)", "ca-central-1"],
  ["Canada West (Calgary)", "ca-west-1"],
  ["Mexico (Central)", "mx-central-1"],
  ["Africa (Cape Town)", "af-south-1"],
  ["Israel (Tel Aviv)", "il-central-1"],
  ["Middle East (UAE)", "me-central-1"],
  ["Middle East (Bahrain)", "me-south-1"],
  ["Middle East (Saudi Arabia)", "me-west-1"],
  ["South America (Chile)", "sa-west-1"],
  ["China (Beijing)", "cn-north-1"],
  ["China (Ningxia)", "cn-northwest-1"],
  ["AWS GovCloud (US)", "us-gov-west-1"],
  ["AWS GovCloud (US-West)", "us-gov-west-1"],
  ["AWS GovCloud (US-East)", "us-gov-east-1"],
  ["AWS European Sovereign Cloud (Germany)", "eusc-de-east-1"],
  [" eu-west-1 ", "eu-west-1"],
  [`${"far ".repeat(18)} Ireland`, "eu-west-1"],
  ["xx-of-tomorrow-3", "xx-of-tomorrow-3"],
  ["xx-of-tomorrow-12", "xx-of-tomorrow-12"],
])("%s is %s", (display, code) => {
  expect(regionCode(display)).toBe(code);
});

test.each([
  "",
  "Moon",
  "US East",
  "Central",
  "us-east-*",
  "us-east-1a",
  "(us-east-1",
  "constructor",
  "__proto__",
  `${"far ".repeat(18)}  Ireland`,
  "x".repeat(200_000),
  ["eu-west-1"],
  5,
])("%o is no region", (display) => {
  expect(regionCode(display)).toBeNull();
});

test("no two regions share a place, and each code is one", () => {
  const names = Object.values(places).flat();
  expect(new Set(names).size).toBe(names.length);
  for (const code of Object.keys(places)) expect(regionCode(code)).toBe(code);
});

test.each([
  ["eu-west-1", "aws"],
  ["cn-northwest-1", "aws-cn"],
  ["us-gov-east-1", "aws-us-gov"],
  ["us-iso-east-1", "aws-iso"],
  ["us-isob-east-1", "aws-iso-b"],
  ["eu-isoe-west-1", "aws-iso-e"],
  ["us-isof-south-1", "aws-iso-f"],
  ["eusc-de-east-1", "aws-eusc"],
])("an alarm in %s has the partition %s", (region, partition) => {
  const name = "team: db/cpu high";
  const arn = alarmArn("111122223333", region, name);
  expect(arn).toBe(`arn:${partition}:cloudwatch:${region}:111122223333:alarm:${name}`);
  expect(parseAlarmArn(arn)).toEqual({ partition, account: "111122223333", region, name });
});

test.each([
  "",
  "arn:aws:cloudwatch:eu-west-1:1:alarm:",
  "arn:aws:sns:eu-west-1:1:alarm:x",
  "arn:aws:cloudwatch::1:alarm:x",
  "the arn:aws:cloudwatch:eu-west-1:1:alarm:x",
])("%o is no alarm's ARN", (arn) => {
  expect(parseAlarmArn(arn)).toBeNull();
});
