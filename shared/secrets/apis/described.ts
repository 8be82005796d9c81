import { bodyTypeOf } from "../../configuration/apis.ts";
import type { ApiDescription, ApiRequest } from "../../configuration/apis-schema.ts";
import { type Failure, failure, isFailure } from "../failure.ts";
import { readStage } from "../reading.ts";
import type { Rotation } from "../strategy.ts";
import { type Fields, fieldsOf, optionalField, textField } from "../value.ts";
import type { Issuer } from "./issuer.ts";
import { at, jsonIn } from "./pointer.ts";
import { type Answered, type Asked, placeOf, send } from "./send.ts";
import { type Lookup, placeholdersIn, rendered } from "./template.ts";

type Values = Partial<Record<"current" | "tested" | "dead", Fields>>;

/** An API that the configuration describes by its requests. */
export function describedIssuer(api: ApiDescription): Issuer {
  const { test, revoke } = api;
  return {
    place: `${api.create.method} ${api.create.url}`,
    lent: api.administrator ?? null,
    async create(rotation, current) {
      const lost = await forgetLost(api, rotation, current);
      if (lost !== null) return lost;
      const answer = await ask(api, rotation, api.create, { current });
      if (isFailure(answer)) return answer;
      const problem = problemOf("create", api.create, answer);
      if (problem !== null) return problem;
      const made = taken(api, answer.body, current);
      if (isFailure(made)) return made;
      // By these it is found again if nobody comes to store it; the configuration says that they are no secrets.
      await rotation.note(identifiersIn(api, made));
      return made;
    },
    test:
      test === undefined
        ? null
        : async (rotation, tested) => {
            const answer = await ask(api, rotation, test, { tested });
            return isFailure(answer) ? answer : problemOf("test", test, answer);
          },
    revoke:
      revoke === undefined
        ? null
        : async (rotation, dead, current) => {
            if (isSame(api, dead, current)) {
              return failure("policy", "what would be revoked is the current credential", "start a rotation");
            }
            const answer = await ask(api, rotation, revoke, { dead, current });
            return isFailure(answer) ? answer : problemOf("revoke", revoke, answer);
          },
    forget: (rotation, current) =>
      isRepeatable(api) ? forgetRepeated(api, rotation, current) : forgetLost(api, rotation, current),
  };
}

const notePrefix = "made.";

function identifiersIn({ identifiers = [], create }: ApiDescription, made: Fields): Record<string, string> {
  const names = identifiers.filter((name) => Object.hasOwn(create.takes, name));
  return Object.fromEntries(names.flatMap((name) => [[`${notePrefix}${name}`, optionalField(made, name) ?? ""]]));
}

/**
 * Revokes what a run made that was cut off before it was stored. Where the request carries `{{token}}` the API gives the same
 * credential again, and nothing is lost; where nothing was noted, or revoking takes more than what was, nobody can revoke it.
 */
async function forgetLost(api: ApiDescription, rotation: Rotation, current: Fields): Promise<Failure | null> {
  const { revoke } = api;
  const noted = Object.entries(rotation.notes).filter(([name, value]) => name.startsWith(notePrefix) && value !== "");
  const lost = Object.fromEntries(noted.map(([name, value]) => [name.slice(notePrefix.length), value]));
  // Before another is made: the API gives the same one again.
  if (revoke === undefined || noted.length === 0 || isRepeatable(api)) return null;
  const wanted = textsOf(revoke).flatMap((text) => placeholdersIn(text).known);
  const deads = wanted.filter(({ source }) => source === "dead").map(({ field }) => field ?? "");
  if (deads.length === 0 || !deads.every((field) => Object.hasOwn(lost, field))) return null;
  // Never what is in use: an identifier that the API gave twice.
  if (deads.every((field) => lost[field] === optionalField(current, field))) return null;
  const answer = await ask(api, rotation, revoke, { dead: lost, current });
  return isFailure(answer) ? answer : problemOf("revoke", revoke, answer);
}

/**
 * Nobody will store it any more: asked once more with the same token, the API tells which one it made, and that one is revoked. Where
 * it had made none it makes one for a moment.
 */
async function forgetRepeated(api: ApiDescription, rotation: Rotation, current: Fields): Promise<Failure | null> {
  const { revoke, create } = api;
  if (revoke === undefined) return null;
  const answer = await ask(api, rotation, create, { current });
  if (isFailure(answer)) return answer;
  const problem = problemOf("create", create, answer);
  if (problem !== null) return problem;
  const made = taken(api, answer.body, current);
  if (isFailure(made)) return made;
  const revoked = await ask(api, rotation, revoke, { dead: { ...current, ...made }, current });
  return isFailure(revoked) ? revoked : problemOf("revoke", revoke, revoked);
}

function isRepeatable({ create }: ApiDescription): boolean {
  return textsOf(create).some((text) => placeholdersIn(text).known.some(({ source }) => source === "token"));
}

function textsOf({ url, headers = {}, body = "" }: ApiRequest): string[] {
  return [url, ...Object.values(headers), body];
}

function taken({ create }: ApiDescription, body: string, current: Fields): Fields | Failure {
  const document = jsonIn(body);
  const made: Record<string, unknown> = {};
  for (const [field, pointer] of Object.entries(create.takes)) {
    const value = textField({ [field]: at(document, pointer) }, field);
    if (isFailure(value)) {
      const remedy = `correct create.takes.${field}: a JSON pointer to a text in the answer`;
      return failure("malformed", `the API's answer has no text at ${pointer}`, remedy);
    }
    made[field] = value;
  }
  const isOld = Object.entries(made).every(([field, value]) => value === optionalField(current, field));
  const remedy = "look whether create.takes names what is new";
  return isOld ? failure("service", "the API gave the current credential again", remedy) : made;
}

function isSame({ create }: ApiDescription, one: Fields, other: Fields): boolean {
  return Object.keys(create.takes).every((field) => optionalField(one, field) === optionalField(other, field));
}

async function ask(
  api: ApiDescription,
  rotation: Rotation,
  request: ApiRequest,
  values: Values,
): Promise<Answered | Failure> {
  const administrator = await administratorOf(api, rotation, request);
  if (isFailure(administrator)) return administrator;
  const lookup: Lookup = ({ source, field }) => {
    if (source === "token") return rotation.token;
    if (source === "secret") return rotation.secret.name;
    const fields = source === "administrator" ? administrator : values[source];
    return fields === undefined || field === null ? null : optionalField(fields, field);
  };
  const asked = askedFor(request, lookup, (api.timeoutSeconds ?? 10) * 1_000);
  return isFailure(asked) ? asked : await send(rotation.outside, asked);
}

function askedFor(request: ApiRequest, lookup: Lookup, timeoutMs: number): Asked | Failure {
  const { method, headers = {}, body = "" } = request;
  const url = filled(request.url, lookup, encodeURIComponent);
  if (isFailure(url)) return url;
  // Encoding leaves dots as they are, and a path of dots is another path.
  if (/(^|\/)\.{1,2}(\/|[?#]|$)/.test(url)) {
    return failure("malformed", "a field would change the path of the URL", "look what the secret's identifiers hold");
  }
  const sent: Record<string, string> = { accept: "application/json" };
  for (const [name, template] of Object.entries(headers)) {
    const value = filled(template, lookup, (text) => text);
    if (isFailure(value)) return value;
    sent[name.toLowerCase()] = value;
  }
  const isForm = bodyTypeOf(request) === "application/x-www-form-urlencoded";
  const content = filled(body, lookup, isForm ? encodeURIComponent : insideJson);
  if (isFailure(content)) return content;
  if (content !== "") sent["content-type"] ??= "application/json";
  return { method, url, headers: sent, body: content, timeoutMs };
}

/** Within the quotes of a JSON text. */
function insideJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function filled(template: string, lookup: Lookup, written: (value: string) => string): string | Failure {
  const result = rendered(template, lookup, written);
  if ("text" in result) return result.text;
  const { source, field } = result.missing;
  const where = source === "administrator" ? "the administrator's secret" : "its value";
  return failure(
    "malformed",
    `${where} has no field ${field ?? ""}`,
    `add the field ${field ?? ""} to the secret's JSON`,
  );
}

/** The fields of the secret that lends its credential. Read only where the request refers to it. */
async function administratorOf(
  { administrator }: ApiDescription,
  { outside }: Rotation,
  request: ApiRequest,
): Promise<Fields | Failure> {
  if (administrator === undefined || !usesAdministrator(request)) return {};
  const value = await readStage(outside, administrator, "AWSCURRENT");
  const fields =
    value === null
      ? failure("malformed", "there is none, or it has no value", "store its credential")
      : isFailure(value)
        ? value
        : fieldsOf(value);
  return isFailure(fields) ? { ...fields, message: `the administrator's secret: ${fields.message}` } : fields;
}

function usesAdministrator(request: ApiRequest): boolean {
  return textsOf(request).some((text) => placeholdersIn(text).known.some(({ source }) => source === "administrator"));
}

/** What a status means. Only of `test` does any of them prove that the credential is dead. */
function problemOf(step: "create" | "test" | "revoke", request: ApiRequest, { status }: Answered): Failure | null {
  const { works, dead, tryAgain } = request;
  const what = `${placeOf(request.url.replaceAll(/\{\{[^{}]*\}\}/g, "x"))} answered ${step} with ${status}`;
  if (works?.includes(status) ?? (isSuccess(status) || (step === "revoke" && (status === 404 || status === 410)))) {
    return null;
  }
  // An administrator who is not let in would be refused in the same words.
  if (dead?.includes(status) ?? (step === "test" && status === 401 && !usesAdministrator(request))) {
    if (step === "test") return failure("authentication", what, "look whether the credential was revoked");
    return failure("policy", what, "look in the API why; it will not change by itself");
  }
  if (status === 429) return failure("throttle", what, "nothing; it is tried again");
  if (tryAgain?.includes(status) ?? (status === 408 || status === 425 || status >= 500)) {
    return failure("service", what, "nothing; it is tried again");
  }
  return refusalOf(status, what);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function refusalOf(status: number, what: string): Failure {
  if (status >= 300 && status < 400) {
    return failure("policy", `${what}, a redirect`, "state the URL to which it leads; none is followed");
  }
  if (status === 401 || status === 403) {
    return failure("privilege", what, "let the credential do this that the request authenticates with");
  }
  return failure("policy", what, "correct the request in secrets.apis, or state what this status means");
}
