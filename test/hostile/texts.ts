// Texts that an alarm, a finding or a person may carry, and that harm whoever shows them as they are.

const every = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));

export const hostileTexts: Record<string, string> = {
  "line breaks that begin a line of their own":
    "disk full\nincidents: none\nto: nobody (level 9)\r\n\r\nP3 resolved: all is well",
  "a carriage return that writes over the line": "P0 everything burns\rP3 nothing to see",
  "every C0 control character and DEL": `a${every(0x00, 0x1f)}\u007fz`,
  "every C1 control character": `a${every(0x80, 0x9f)}z`,
  "escapes that clear the screen, colour it, and name the window":
    "\u001b[2J\u001b[1;1H\u001b[31mred\u001b]0;owned\u0007\u001b[8m",
  "the same in eight bits": "\u009b2J\u009b31mred\u009d0;owned\u009c",
  "a link that a terminal would follow": "\u001b]8;;https://example.com/\u001b\\click\u001b]8;;\u001b\\",
  "marks that turn text around": "\u202etxt.exe\u202c \u2066a\u2067b\u2068c\u2069 \u200e\u200f\u061c",
  "marks that nobody sees": "chec\u200bkout\u200c\u200d\u2060\u00ad\ufeff\u180e\u{e0001}\u{e0041}",
  "line and paragraph separators": "one\u2028two\u2029three\u0085four",
  "halves of surrogate pairs": "a\ud800b\udc00c\udfff",
  "characters of two units, so that every cut may fall between them": `x${"😀".repeat(120)}`,
  "the longest name in letters of three bytes": "警".repeat(255),
  "marks that pile up": `Z${"\u0301\u0327\u0489".repeat(60)}`,
  HTML: "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;</pre>",
  Markdown: "**x** [here](javascript:alert(1)) `code` # h1\n> quote\n- item ![i](http://example.com/i.png)",
  "what calls a whole channel in a chat":
    "<!channel> <!everyone|all> <@U012345> <https://example.com|safe.example.org> @here",
  "what a format would fill in": ["%s %d %j %o %% %c {0}", "$", "{x} {{x}} $(id) `id`"].join(""),
  "a log entry of ours": '{"level":"INFO","message":"sweep complete","operation":"notify-responders"}',
  "the end of a JSON text, and more": '","message":"sweep complete","also":"\\',
  "a formula of a spreadsheet": "=cmd|' /C calc'!A0",
  "other formulas": "+1+1 @SUM(A1) -2\t=1",
  "names that every object has": "__proto__",
  "a name of a method": "constructor",
  "our own keys": "thread#x|incident#y#entry#000001|outbox#P0",
  "what looks like no text at all": " \u00a0\u2003\u3164\u2800 ",
  "quotes and backslashes": `"'\\\`\\"\\'\\n\\u0000`,
};

/** 64 KiB, which is more than the names of anything have, and not more than a reason or a finding's words may. */
export const longTexts: Record<string, string> = {
  "64 KiB of one letter": "A".repeat(65_536),
  "64 KiB of line breaks": "\n".repeat(65_536),
  "64 KiB of characters of two units": "😀".repeat(32_768),
};

/** Code points that must never reach a line, a log or a terminal as they are. Stated anew here, so that a gap of the code is no gap of its test. */
const harmful: readonly [from: number, to: number][] = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
];

/** The first such character of a text that may have line breaks, as U+202E; null when there is none. */
export function harmIn(text: string): string | null {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (harmful.some(([from, to]) => code >= from && code <= to)) return `U+${code.toString(16).toUpperCase()}`;
  }
  return null;
}
