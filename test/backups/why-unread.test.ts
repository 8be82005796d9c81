import { expect, test } from "vitest";
import { whyUnread } from "../../functions/verify-backups/why-unread.ts";

test("what is no answer of AWS's is told in words, and not repeated", () => {
  const page = new SyntaxError('Unexpected token < in "<!doctype html>": Deserialization error: …');
  expect(whyUnread(page)).toBe("what answered is not AWS, or does not know this");
  expect(whyUnread(Object.assign(new Error("no"), { name: "AccessDeniedException" }))).toBe(
    "AccessDeniedException: no",
  );
});
