// As much of a Redis as a rotation asks for: logins, ACL GETUSER, ACL SETUSER with hashes, ACL SAVE.

import { createHash } from "node:crypto";
import { ErrorReply } from "@redis/client";
import type { Outside } from "../../shared/secrets/outside.ts";
import { type Logins, unreachable } from "./logins.ts";

export function redisHash(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}

export function connectRedis(serverOf: (host: string) => Logins | null): Outside["redis"] {
  return async ({ host, user, password }) => {
    const server = serverOf(host);
    if (server?.isReachable !== true) throw unreachable(host);
    if (server.hashesOf(user)?.includes(redisHash(password)) !== true) {
      throw new ErrorReply("WRONGPASS invalid username-password pair or user is disabled.");
    }
    return {
      command: async (words) => {
        if (!server.isReachable) throw unreachable(host);
        return answer(server, words);
      },
      end: async () => {},
    };
  };
}

function answer(server: Logins, [area, verb, name = "", ...rules]: readonly string[]): unknown {
  const held = server.hashesOf(name);
  if (area !== "ACL") throw new Error(`the simulated Redis does not know ${area}`);
  if (verb === "SAVE") return "OK";
  if (verb === "GETUSER") return held === null ? null : ["flags", ["on"], "passwords", [...held], "commands", "+@all"];
  if (verb !== "SETUSER" || held === null) throw new Error(`the simulated Redis does not know ACL ${verb}`);
  const removed = rules.filter((rule) => rule.startsWith("!")).map((rule) => rule.slice(1));
  const added = rules.filter((rule) => rule.startsWith("#")).map((rule) => rule.slice(1));
  if (removed.length + added.length !== rules.length) throw new Error("the simulated Redis knows # and ! alone");
  server.put(name, [...held.filter((hash) => !removed.includes(hash)), ...added]);
  return "OK";
}
