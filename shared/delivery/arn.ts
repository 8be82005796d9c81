import { places } from "./regions.ts";

export interface AlarmName {
  partition: string;
  account: string;
  region: string;
  /** May hold colons and slashes. */
  name: string;
}

/** The ARN of an alarm. `region` is a code; it decides the partition. */
export function alarmArn(account: string, region: string, name: string): string {
  return writeAlarmArn({ partition: partitionOf(region), account, region, name });
}

export function writeAlarmArn({ partition, account, region, name }: AlarmName): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** The parts of an alarm's ARN; null when the text is not one, or is longer than CloudWatch's can be. */
export function parseAlarmArn(arn: string): AlarmName | null {
  const match = arn.length > maximumArnLength ? null : arnPattern.exec(arn);
  if (match === null) return null;
  const [, partition = "", region = "", account = "", name = ""] = match;
  return name.length > maximumNameLength ? null : { partition, account, region, name };
}

/** CloudWatch's limit. It refuses to describe a longer one, and all others that were asked for together with it. */
export const maximumNameLength = 255;
/** A name of that length, and more than what can stand before it. */
export const maximumArnLength = 400;

/** The code of a region that is given by its code or by any name that AWS gave it; null when it is none that we know. */
export function regionCode(display: unknown): string | null {
  if (typeof display !== "string" || display.length > maximumDisplayLength) return null;
  const text = display.trim();
  if (codePattern.test(text)) return text;
  const words = plain(text).split(" ");
  // The more words a place has, the surer it is: "us gov east" goes before "east".
  const found = words.map((_, index) => codes.get(words.slice(index).join(" ")));
  return found.find((code) => code !== undefined) ?? null;
}

const arnPattern = /^arn:(aws(?:-[a-z]+)*):cloudwatch:([a-z0-9-]+):(\d+):alarm:(.+)/s;
const codePattern = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/;

const partitions: [beginning: string, partition: string][] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

const codes = new Map(
  Object.entries(places).flatMap(([region, names]) => names.map((name) => [name, region] as const)),
);
const maximumDisplayLength = 80;

/** The partition that a region is in: the second part of every ARN. */
function partitionOf(region: string): string {
  return partitions.find(([beginning]) => region.startsWith(beginning))?.[1] ?? "aws";
}

/** Lower case, without accents and signs: "South America (São Paulo)" is "south america sao paulo". */
function plain(text: string): string {
  const letters = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.replace(/[^a-z0-9]+/g, " ").trim();
}
