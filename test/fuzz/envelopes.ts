import type { Chance } from "../../simulation/chance.ts";
import { wraps } from "./corpus.ts";
import { garbled } from "./texts.ts";

// What stands around a document, and the document as text.

/** What is nested too deeply, or too long already, to be put into an envelope stays outside: each escapes the one inside. */
export function enveloped(document: unknown, chance: Chance): unknown {
  try {
    return textIn(document).length > maximumEnveloped ? document : chance.pick(wraps)(document);
  } catch {
    return document;
  }
}

/** The text that an envelope holds; "" of what is none. */
function textIn(envelope: unknown): string {
  if (typeof envelope !== "object" || envelope === null) return "";
  const [inner] = "Records" in envelope && Array.isArray(envelope.Records) ? envelope.Records : [envelope];
  const { body, Sns, Message } = Object(inner);
  return String(body ?? Sns?.Message ?? Message ?? "");
}

const maximumEnveloped = 200_000;
/** No queue, bus or invocation carries more. */
const maximumCharacters = 1_048_576;

/** Several records in one document, each hurt by itself. */
export function batchOf(document: unknown, chance: Chance): unknown {
  const whole = written(document);
  const wanted = chance.happens(0.02) ? chance.integer(900, 1_200) : chance.integer(0, 6);
  const size = Math.min(wanted, Math.ceil(maximumCharacters / 2 / whole.length));
  const bodies = Array.from({ length: size }, () => (chance.happens(0.5) ? whole : '{"odd":true}'));
  const records = bodies.map((body) => ({
    messageId: "1",
    eventSource: chance.happens(0.9) ? "aws:sqs" : chance.pick(["aws:sns", "aws:s3", null]),
    body: chance.happens(0.1) ? garbled(body, chance) : body,
  }));
  return { Records: records };
}

/** JSON of the document; of what is nested too deeply to be written, some other. */
export function written(document: unknown): string {
  try {
    return JSON.stringify(document) ?? "";
  } catch {
    return '{"unreadable":"nested too deeply"}';
  }
}

/** Text can be nested more deeply than anything that could be written. */
export function deepText(chance: Chance): string {
  const depth = chance.pick([10_000, 100_000]);
  const inner = chance.pick([
    `${"[".repeat(depth)}${"]".repeat(depth)}`,
    `${'{"detail":'.repeat(depth)}1${"}".repeat(depth)}`,
  ]);
  return chance.pick([inner, `{"detail-type":${inner}}`, `{"Records":${inner}}`, `{"Message":${inner},"Type":""}`]);
}
