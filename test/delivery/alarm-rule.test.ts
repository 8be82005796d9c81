import { expect, test } from "vitest";
import { childrenOf } from "../../shared/delivery/alarm-rule.ts";

const parent = { account: "111122223333", region: "eu-west-1", partition: "aws" };
const arn = (name: string) => `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`;

test.each<[rule: string, names: string[]]>([
  ["ALARM(a)", ["a"]],
  ["ALARM(b) OR OK(a) AND INSUFFICIENT_DATA(c)", ["a", "b", "c"]],
  ["ALARM(a) OR ALARM(a) OR OK(a)", ["a"]],
  ['ALARM("two words") AND NOT ALARM("with (brackets), commas")', ["two words", "with (brackets), commas"]],
  ['ALARM("say \\"hi\\"") OR ALARM("back\\\\slash\\d")', ["back\\slash\\d", 'say "hi"']],
  ["alarm(a) or Ok(b) and not insufficient_data(c)", ["a", "b", "c"]],
  ["((ALARM(a) OR (NOT (OK(b)))) AND TRUE) OR FALSE", ["a", "b"]],
  ['  ALARM  (  a  )\n\tAND\r\nALARM ( "b" )', ["a", "b"]],
  ["NOT(ALARM(a))AND(ALARM(b))", ["a", "b"]],
  ["ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db:cpu/high)", ["db:cpu/high"]],
  [`ALARM("${arn("x")}") OR ALARM(x)`, ["x"]],
  ["AT_LEAST(2, ALARM, (a1, a2, a3))", ["a1", "a2", "a3"]],
  ['AT_LEAST(50%, NOT OK, ("d 1", d2)) AND NOT ALARM(m)', ["d 1", "d2", "m"]],
  ['at_least("50%", insufficient_data, (a,b))', ["a", "b"]],
  ['AT_LEAST(2, ALARM("a"), ALARM("b"))', ["a", "b"]],
  ["ALARM(ALARM) OR OK(OK) OR ALARM(AND)", ["ALARM", "AND", "OK"]],
  ["ALARM(MyALARM(x", ["MyALARM", "x"]],
  ["TRUE", []],
  ["", []],
  ["a and b", []],
  ['"ALARM"(a)', ["a"]],
  ["REALARM(a)", []],
  ["OKAY(a)", []],
  ["AT_LEAST(2, OF_TOMORROW, (a, b))", ["a", "b"]],
  ['ALARM("")', []],
  ['ALARM(a) OR ALARM("never closed OR ALARM(b)', ["a"]],
  [")))((,,ALARM", []],
])("%s", (rule, names) => {
  expect(childrenOf(rule, parent)).toEqual(names.map(arn).sort());
});

test("a name lives where its composite does, an ARN where it says", () => {
  const china = { account: "1", region: "cn-north-1", partition: "aws-cn" };
  expect(childrenOf(`ALARM(a) OR ALARM(${arn("b")})`, china)).toEqual([
    "arn:aws-cn:cloudwatch:cn-north-1:1:alarm:a",
    arn("b"),
  ]);
});

test.each([
  ["open parentheses", "(".repeat(1_000_000)],
  ["nested groups", `${"(".repeat(30_000)}ALARM(a)${")".repeat(30_000)}`],
  ["nested lists", "ALARM(".repeat(200_000)],
  ["quotes", '"'.repeat(999_999)],
  ["escaped quotes", `ALARM("${'\\"'.repeat(500_000)}`],
  ["quotes after blanks", ' "\\'.repeat(300_000)],
  ["blanks", " ".repeat(1_000_000)],
  ["one long name", `ALARM(${"a".repeat(1_000_000)})`],
  ["many alarms", "ALARM(a) AND NOT ".repeat(100_000)],
])("a catastrophe of %s takes no time", (_, rule) => {
  const started = performance.now();
  expect(childrenOf(rule, parent).length).toBeLessThanOrEqual(500);
  expect(performance.now() - started).toBeLessThan(500);
});

test("a rule gives at most 500 alarms", () => {
  const rule = Array.from({ length: 2_000 }, (_, index) => `ALARM(a${index})`).join(" OR ");
  expect(childrenOf(rule, parent)).toHaveLength(500);
});

test("what no alarm can be called is no child", () => {
  const [fits, tooLong] = ["x".repeat(255), "y".repeat(256)];
  expect(childrenOf(`ALARM(${fits}) OR ALARM("${tooLong}") OR ALARM(${arn(tooLong)})`, parent)).toEqual([arn(fits)]);
});
