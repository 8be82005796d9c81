import * as z from "zod/mini";

// How the APIs are described that make credentials. What no schema can say of them, apis.ts checks.

const fieldName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, "a field's name: letters, digits, underscore, hyphen; 64 at most"));
const secretName = z.string().check(z.minLength(1), z.maxLength(512));
const address = z.string().check(z.minLength(1), z.maxLength(2048));
const status = z.int().check(z.minimum(200), z.maximum(599));
const timeoutSeconds = z.optional(z.int().check(z.minimum(1), z.maximum(30)));
const headerName = z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/, "a header's name"));

const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  url: address,
  headers: z.optional(z.record(headerName, z.string().check(z.maxLength(4096)))),
  body: z.optional(z.string().check(z.maxLength(16_384))),
  works: z.optional(z.array(status)),
  dead: z.optional(z.array(status)),
  tryAgain: z.optional(z.array(status)),
});

/** https://www.rfc-editor.org/rfc/rfc6901 */
const pointer = z
  .string()
  .check(z.maxLength(256), z.regex(/^(\/([^~/]|~[01])*)+$/, "a JSON pointer, for example /data/key"));

export const api = z.strictObject({
  administrator: z.optional(secretName),
  identifiers: z.optional(z.array(fieldName)),
  timeoutSeconds,
  create: z.extend(request, { takes: z.record(fieldName, pointer) }),
  test: z.optional(request),
  revoke: z.optional(request),
});

export const webhook = z.strictObject({ url: address, signingSecret: secretName, timeoutSeconds });

export type ApiDescription = z.infer<typeof api>;
export type ApiRequest = z.infer<typeof request>;
export type Webhook = z.infer<typeof webhook>;
