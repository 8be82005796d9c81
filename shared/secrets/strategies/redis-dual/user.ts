import { createHash } from "node:crypto";
import { type Failure, failure } from "../../failure.ts";
import type { RedisSession } from "../../outside.ts";

/** What Redis keeps of a password, and what it is told: neither MONITOR nor the slow log ever shows more. */
export function hashOf(password: string): string {
  return createHash("sha256").update(password, "utf8").digest("hex");
}

export interface RedisUser {
  /** SHA-256 of each password, as hexadecimal digits. */
  hashes: string[];
  isOn: boolean;
  /** Everybody is let in, whatever they say. */
  needsNoPassword: boolean;
}

/** Reads a user's passwords and flags; a failure when there is no such user. */
export async function userOf(session: RedisSession, name: string): Promise<RedisUser | Failure> {
  const reply = await session.command(["ACL", "GETUSER", name]);
  if (!Array.isArray(reply)) {
    return failure("malformed", "there is no ACL user of that name", "create the user, or correct the field username");
  }
  const flags = listAfter(reply, "flags");
  return {
    hashes: listAfter(reply, "passwords"),
    isOn: flags.includes("on"),
    needsNoPassword: flags.includes("nopass"),
  };
}

/** The reply is a list in which each name is followed by what it names. */
function listAfter(reply: readonly unknown[], name: string): string[] {
  const value = reply[reply.indexOf(name) + 1];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Writes the users to the server's ACL file. False where it has none: then they are lost at a restart. */
export async function save(session: RedisSession): Promise<boolean> {
  const { ErrorReply } = await import("@redis/client");
  try {
    await session.command(["ACL", "SAVE"]);
    return true;
  } catch (error) {
    if (error instanceof ErrorReply && /not configured to use an ACL file/.test(error.message)) return false;
    throw error;
  }
}

export const needsNoPassword = failure(
  "policy",
  "the user is let in without a password, and adding one would shut out whoever has another",
  "give the user the current password, once, by hand: ACL SETUSER … resetpass #<sha256>",
);
