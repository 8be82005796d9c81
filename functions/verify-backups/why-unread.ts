import { reasonOf } from "../../shared/failures.ts";

/** Why something could not be read, in words for people: what is no answer of AWS's is not repeated. */
export function whyUnread(error: unknown): string {
  const reason = reasonOf(error);
  return unreadable.test(reason) ? "what answered is not AWS, or does not know this" : reason;
}

/** How the SDK complains of an answer that it cannot read. */
const unreadable = /^SyntaxError|Deserialization error|parse error/i;
