import { parseAlarmArn, writeAlarmArn } from "./arn.ts";

/** Where a composite alarm lives: its rule may name alarms without their ARN. */
export interface RuleOwner {
  account: string;
  region: string;
  partition: string;
}

/**
 * The ARNs of the alarms that a composite alarm's rule reads, sorted, each once. The grammar is CloudWatch's: `ALARM(x)`,
 * `OK(x)`, `INSUFFICIENT_DATA(x)` under AND, OR, NOT and parentheses, TRUE, FALSE, and
 * `AT_LEAST(M, [NOT] STATE, (x, y, …))`, where an alarm is a name or an ARN, in quotes with `\"` for a quote, or bare.
 * Never fails: of a rule that cannot be read, it gives what could be. Takes time linear in the rule's length.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export function childrenOf(alarmRule: string, parent: RuleOwner): string[] {
  const children = new Set<string>();
  let before: Token | null = null;
  let depthInList = 0;
  for (const token of tokensOf(alarmRule.slice(0, maximumRuleLength))) {
    if (children.size === maximumChildren) break;
    if (depthInList === 0) {
      if (token.type === "(" && opensList(before)) depthInList = 1;
    } else if (token.type === "(") depthInList += 1;
    else if (token.type === ")") depthInList -= 1;
    else if (token.type !== ",") add(arnOf(token.text, parent));
    before = token;
  }
  return [...children].sort();

  /** What no alarm can be called names none. */
  function add(arn: string): void {
    if (parseAlarmArn(arn) !== null) children.add(arn);
  }
}

// CloudWatch's own limits are 10,240 characters and 100 alarms.
const maximumRuleLength = 40_960;
const maximumChildren = 500;

interface Token {
  type: "(" | ")" | "," | "name";
  text: string;
}

/** A list of alarms follows a state's name, or the comma in front of the last argument of AT_LEAST; other parentheses only group. */
function opensList(before: Token | null): boolean {
  if (before?.type === ",") return true;
  return before?.type === "name" && /^(?:ALARM|OK|INSUFFICIENT_DATA)$/i.test(before.text);
}

function arnOf(reference: string, parent: RuleOwner): string {
  if (parseAlarmArn(reference) !== null) return reference;
  const { partition, account, region } = parent;
  return writeAlarmArn({ partition, account, region, name: reference });
}

/** Each token begins where the one before it ended, so that nothing is looked at twice. */
function* tokensOf(rule: string): Generator<Token> {
  for (const [, sign, quoted, bare] of rule.matchAll(/\s*(?:([(),])|"((?:[^"\\]|\\.)*)"|([^\s(),]+))/gsy)) {
    if (sign === "(" || sign === ")" || sign === ",") yield { type: sign, text: sign };
    // A quote without an end: nothing after it can be told apart.
    else if (bare?.startsWith('"')) return;
    else if (bare !== undefined) yield { type: "name", text: bare };
    else if (quoted) yield { type: "name", text: quoted.replace(/\\(["\\])/g, "$1") };
  }
}
