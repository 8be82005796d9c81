import type { ApiDescription } from "../../../shared/configuration/apis-schema.ts";
import { type Heard, type LocalServer, reply, serve } from "./server.ts";

/** An API that makes keys, as many there are: with a token of the administrator's, and an id that is no secret. */
export interface Vendor extends LocalServer {
  /** The keys that work, by id. */
  keys: Map<string, string>;
  api: ApiDescription;
}

export async function openVendor(options: { repeatable?: boolean } = {}): Promise<Vendor> {
  const { repeatable = true } = options;
  const keys = new Map([["id-0", "first-key"]]);
  const given = new Map<string, string>();
  let made = 0;
  const make = (heard: Heard): string => {
    const token = String(heard.headers["idempotency-key"] ?? "");
    const before = given.get(token);
    if (before !== undefined) return before;
    const id = `id-${++made}`;
    keys.set(id, `key-"${made}"`);
    if (token !== "") given.set(token, id);
    return id;
  };
  const server = await serve((heard, response) => {
    const bearer = String(heard.headers.authorization ?? "").replace("Bearer ", "");
    if (heard.path === "/me") return reply(response, [...keys.values()].includes(bearer) ? 200 : 401);
    if (bearer !== "root") return reply(response, 401);
    if (heard.method === "DELETE") return reply(response, keys.delete(heard.path.slice("/keys/".length)) ? 204 : 404);
    const id = make(heard);
    return reply(response, 201, { data: { id, secret: keys.get(id) } });
  });
  const authorization = "Bearer {{administrator.token}}";
  const api: ApiDescription = {
    ...{ administrator: "vendor/administrator", identifiers: ["keyId"], timeoutSeconds: 5 },
    create: {
      ...{ method: "POST", url: `${server.url}/keys`, body: '{"name": "{{secret}}"}' },
      headers: repeatable ? { authorization, "idempotency-key": "{{token}}" } : { authorization },
      takes: { key: "/data/secret", keyId: "/data/id" },
    },
    test: { method: "GET", url: `${server.url}/me`, headers: { authorization: "Bearer {{tested.key}}" } },
    revoke: { method: "DELETE", url: `${server.url}/keys/{{dead.keyId}}`, headers: { authorization } },
  };
  return { ...server, keys, api };
}
