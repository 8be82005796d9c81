import type { Chance } from "../../simulation/chance.ts";

// Texts as nobody should send them.

/** Something short that is trouble wherever it stands. */
const pieces: readonly string[] = [
  ...[
    "\u0000",
    "\u0007",
    "\b",
    "\t",
    "\n",
    "\r\n",
    "\u001b[2J",
    "\u001b]0;title\u0007",
    "\u007f",
    "\u0085",
    "\u009b1m",
  ],
  ...[
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2028",
    "\u2029",
    "\u2066",
    "\ufeff",
    "\ufffe",
    "\uffff",
    "\ud800",
    "\udc00",
    "😀",
  ],
  ...[
    "\u0301".repeat(8),
    "İ",
    "ﬃ",
    "%s%n%x",
    "{}",
    "[]",
    '{"a":1}',
    "null",
    "=1+1",
    "<script>",
    "`rm`",
    "$(x)",
    "../..",
  ],
  ...['"', '\\"', "\\", "\\\\", "'", "(", ")", "((", "))", ",", ":", "/", "*", "|", "#", "\\u0000", "\\ud800", "//"],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "NaN",
    "Infinity",
    "-0",
    "1e999",
    "9".repeat(40),
    "0x10",
    "true",
    "undefined",
  ],
];

export function hostileText(chance: Chance): string {
  if (chance.happens(0.01)) return chance.pick(pieces).repeat(chance.pick([500, 4_000, 10_000]));
  return Array.from({ length: chance.integer(1, 4) }, () => chance.pick(pieces)).join(chance.pick(["", " ", "a"]));
}

/** A time that nearly is one, or is one that nobody should believe. */
export function brokenTime(chance: Chance): string {
  const date = chance.pick([
    "2026-05-04",
    "2026-02-30",
    "0000-00-00",
    "1999-12-31",
    "2201-01-01",
    "+275760-09-13",
    "2026-5-4",
  ]);
  const time = chance.pick(["10:00:04", "24:00:00", "23:59:60", "99:99:99", "10:00", "10:00:04.", "-1:00:00", ""]);
  const fraction = chance.pick(["", ".989", ".9", `.${"9".repeat(30)}`, ".", ",5"]);
  const zone = chance.pick([
    "Z",
    "+0000",
    "+00:00",
    "-2359",
    "+99:99",
    "+24:00",
    "z",
    "",
    " Z",
    "Europe/Berlin",
    "+00000",
  ]);
  return garbledSometimes(`${date}${chance.pick(["T", " ", "t", ""])}${time}${fraction}${zone}`, chance);
}

/** An ARN of an alarm, or of nearly one. */
export function brokenArn(chance: Chance): string {
  const parts = [
    chance.pick(["arn", "ARN", "urn", ""]),
    chance.pick(["aws", "aws-cn", "aws-us-gov", `aws${"-a".repeat(200)}`, "aws-", ""]),
    chance.pick(["cloudwatch", "sns", "cloudwatch ", ""]),
    chance.pick(["eu-west-1", "us-east-*", "Europe (Ireland)", "", "-".repeat(300)]),
    chance.pick(["111122223333", "0", "", "11112222333x", "9".repeat(400)]),
    chance.pick(["alarm", "alarm-mute-rule", "ALARM", ""]),
    chance.pick(["checkout", "a:b:c/d", "", "\n", hostileText(chance)]),
  ];
  if (chance.happens(0.3)) parts.splice(chance.integer(0, parts.length - 1), 1);
  return garbledSometimes(parts.join(":"), chance);
}

const words: readonly string[] = [
  ...[
    "ALARM(",
    "OK(",
    "INSUFFICIENT_DATA(",
    "AT_LEAST(2, ALARM, (",
    "AT_LEAST(50%, NOT OK, (",
    "NOT ",
    " AND ",
    " OR ",
  ],
  ...["(", ")", ",", '"', '\\"', "\\", "\\\\", " ", "\n", "TRUE", "FALSE", "a", "ALARM", '"two words"', '"a\\"b"'],
  ...[
    "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:x",
    '"arn:aws:cloudwatch:eu-west-1:1:alarm:(y), z"',
    "\ud800",
    "\u2028",
  ],
];

/** The rule of a composite alarm, or what is left of one: parentheses, quotes and backslashes in any number. */
export function brokenRule(chance: Chance): string {
  if (chance.happens(0.05)) return chance.pick(words).repeat(chance.pick([500, 2_000, 4_000]));
  return Array.from({ length: chance.integer(1, 60) }, () => chance.pick(words)).join("");
}

/** The text with one or more places cut, doubled, changed or added to, as a bad line does it. */
export function garbled(text: string, chance: Chance): string {
  const times = chance.integer(1, 3);
  let hurt = text;
  for (let time = 0; time < times; time++) hurt = garbledOnce(hurt, chance);
  return hurt;
}

function garbledSometimes(text: string, chance: Chance): string {
  return chance.happens(0.2) ? garbled(text, chance) : text;
}

function garbledOnce(text: string, chance: Chance): string {
  const from = chance.integer(0, text.length);
  const to = Math.min(text.length, from + chance.integer(0, chance.pick([1, 8, 200])));
  const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (chance.integer(0, 6)) {
    case 0:
      return before + after;
    case 1:
      return before;
    case 2:
      return before + part.repeat(chance.pick([2, 3, 50])) + after;
    case 3:
      return before + chance.pick(pieces) + after;
    case 4:
      return before + flipped(part, chance) + after;
    case 5:
      return doubledKey(text, chance);
    default:
      return after + before;
  }
}

/** One bit of one unit turned over. */
function flipped(part: string, chance: Chance): string {
  if (part === "") return chance.pick(pieces);
  const place = chance.integer(0, part.length - 1);
  const unit = part.charCodeAt(place) ^ (1 << chance.integer(0, 15));
  return part.slice(0, place) + String.fromCharCode(unit) + part.slice(place + 1);
}

/** A second value for a key that the JSON of an object has already, or a first one for a key that it has not. */
function doubledKey(text: string, chance: Chance): string {
  const key = chance.pick([
    "state",
    "alarmName",
    "detail-type",
    "source",
    "Records",
    "Message",
    "__proto__",
    "time",
    "value",
  ]);
  const value = chance.pick(["null", "{}", "[]", '"OK"', "1e999", "-0", '{"value":"ALARM"}', '{"__proto__":{"a":1}}']);
  const opening = text.indexOf("{", chance.integer(0, text.length));
  if (opening === -1) return text;
  return `${text.slice(0, opening + 1)}"${key}":${value},${text.slice(opening + 1)}`;
}
