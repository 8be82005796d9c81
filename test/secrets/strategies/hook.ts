import { createHmac } from "node:crypto";
import { type Heard, type LocalServer, reply, serve } from "./server.ts";

export interface Hook extends LocalServer {
  keys: Set<string>;
}

/** A webhook as its documentation wants it: it looks at the signature, and gives one version one key. */
export async function openHook(keys: readonly string[] = ["the-hook's-key"]): Promise<Hook> {
  const working = new Set(["first-key"]);
  const server = await serve((heard, response) => {
    if (!keys.some((key) => isSigned(heard, key))) return reply(response, 401);
    const { step, token, value } = JSON.parse(heard.body);
    if (step === "test") return reply(response, 200, { works: working.has(value.key) });
    if (step === "revoke") return reply(response, 200, { revoked: working.delete(value.key) || true });
    working.add(`key-of-${token}`);
    return reply(response, 200, { value: { key: `key-of-${token}` } });
  });
  return { ...server, keys: working };
}

function isSigned({ headers, body }: Heard, key: string): boolean {
  const expected = createHmac("sha256", key).update(`${headers["nightshift-timestamp"]}.${body}`).digest("hex");
  return String(headers["nightshift-signature"]).split(",").includes(`v1=${expected}`);
}
