import { type Placeholder, placeholdersIn, type TemplateSource } from "../secrets/apis/template.ts";
import type { ApiDescription, ApiRequest } from "./apis-schema.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import type { Configuration } from "./schema.ts";

/** What no schema can say of the APIs and webhooks that make credentials. */
export function apiProblems({ secrets: { apis, webhooks } }: Pick<Configuration, "secrets">): Problem[] {
  const ofApis = Object.entries(apis).flatMap(([name, api]) => descriptionProblems(api, ["secrets", "apis", name]));
  const ofWebhooks = Object.entries(webhooks).flatMap(([name, { url }]): Problem[] => {
    const path = ["secrets", "webhooks", name];
    const reason = placeholdersOf(url).length > 0 ? "holds no placeholder" : addressProblem(url);
    const twice = Object.hasOwn(apis, name)
      ? [{ path, value: undefined, reason: "secrets.apis has this name already; a secret's tag could mean either" }]
      : [];
    return [...twice, ...(reason === null ? [] : [{ path: [...path, "url"], value: url, reason }])];
  });
  return [...ofApis, ...ofWebhooks];
}

type Step = "create" | "test" | "revoke";

/** Whose fields a request may refer to. */
const allowed: Record<Step, readonly TemplateSource[]> = {
  create: ["current", "administrator", "token", "secret"],
  test: ["tested", "administrator", "secret"],
  revoke: ["dead", "current", "administrator", "secret"],
};

function descriptionProblems(api: ApiDescription, path: Path): Problem[] {
  const { create, test, revoke } = api;
  const problems = [
    ...requestProblems(api, "create", create, [...path, "create"]),
    ...(test === undefined ? [] : requestProblems(api, "test", test, [...path, "test"])),
    ...(revoke === undefined ? [] : requestProblems(api, "revoke", revoke, [...path, "revoke"])),
  ];
  if (Object.keys(create.takes).length === 0) {
    problems.push({ path: [...path, "create", "takes"], value: create.takes, reason: "must take at least one field" });
  }
  if (
    test !== undefined &&
    !textsOf(test).some(([, text]) => placeholdersIn(text).known.some(({ source }) => source === "tested"))
  ) {
    const reason = "must refer to the credential by {{tested.FIELD}}, or it would prove nothing";
    problems.push({ path: [...path, "test"], value: undefined, reason });
  }
  return problems;
}

function requestProblems(api: ApiDescription, step: Step, request: ApiRequest, path: Path): Problem[] {
  return [
    ...textsOf(request).flatMap(([place, text]) => textProblems(api, step, text, [...path, ...place])),
    ...urlProblems(api, request, [...path, "url"]),
    ...bodyProblems(request, path),
    ...statusProblems(request, path),
  ];
}

/** Every text of a request that may hold placeholders, and where it stands. */
function textsOf({ url, headers = {}, body = "" }: ApiRequest): [Path, string][] {
  const inHeaders = Object.entries(headers).map(([name, text]): [Path, string] => [["headers", name], text]);
  return [[["url"], url], ...inHeaders, [["body"], body]];
}

function textProblems(api: ApiDescription, step: Step, text: string, path: Path): Problem[] {
  const { known, unknown } = placeholdersIn(text);
  const forms = allowed[step].map((source) => (source === "token" || source === "secret" ? source : `${source}.FIELD`));
  const problem = (what: string): Problem => {
    const reason = `${what} is no placeholder here; ${step} knows ${forms.map((form) => `{{${form}}}`).join(", ")}`;
    return { path, value: undefined, reason };
  };
  const foreign = known.filter(({ source }) => !allowed[step].includes(source)).map(({ text: what }) => what);
  const problems = [...unknown, ...foreign].map(problem);
  if (api.administrator === undefined && known.some(({ source }) => source === "administrator")) {
    const reason = "refers to {{administrator…}}, and the API names no secret as its administrator";
    problems.push({ path, value: undefined, reason });
  }
  return problems;
}

/** Servers, proxies and logs keep URLs, so nothing secret stands in one. */
function urlProblems(api: ApiDescription, { url }: ApiRequest, path: Path): Problem[] {
  const reason = addressProblem(url);
  const problems: Problem[] = reason === null ? [] : [{ path, value: url, reason }];
  for (const { text, source, field } of placeholdersOf(url)) {
    if (field === null) continue;
    if (source !== "administrator" && api.identifiers?.includes(field)) continue;
    const why = `${text} must not stand in a URL, which is kept in logs; a field that is no secret is stated under identifiers`;
    problems.push({ path, value: undefined, reason: why });
  }
  return problems;
}

function placeholdersOf(text: string): Placeholder[] {
  return placeholdersIn(text).known;
}

function addressProblem(url: string): string | null {
  const advice = "must be a web address that begins with https://, for example https://api.example.com/keys";
  const [, origin = ""] = /^(https?:\/\/[^/?#]+)/.exec(url) ?? [];
  if (origin.includes("{{") || !URL.canParse(url.replaceAll(/\{\{[^{}]*\}\}/g, "x"))) return advice;
  const { protocol, hostname, username, password, hash } = new URL(url.replaceAll(/\{\{[^{}]*\}\}/g, "x"));
  if (username !== "" || password !== "") return "must hold no user and no password";
  if (hash !== "") return "must hold no fragment";
  return protocol === "https:" || (protocol === "http:" && isOwnMachine(hostname)) ? null : advice;
}

/** Where nothing of what is sent leaves the machine. */
export function isOwnMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}

/** How the values are written into a body follows from its type, so that none can change its shape. */
export const bodyTypes = ["application/json", "application/x-www-form-urlencoded"] as const;

export function bodyTypeOf({ headers = {} }: Pick<ApiRequest, "headers">): (typeof bodyTypes)[number] | null {
  const stated = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  if (stated === undefined) return "application/json";
  const [type = ""] = stated.split(";");
  return bodyTypes.find((each) => each === type.trim().toLowerCase()) ?? null;
}

function bodyProblems(request: ApiRequest, path: Path): Problem[] {
  const { method, body = "" } = request;
  if (body === "") return [];
  if (method === "GET") return [{ path: [...path, "body"], value: undefined, reason: "a GET has no body" }];
  if (bodyTypeOf(request) !== null) return [];
  const reason = `content-type must be one of ${bodyTypes.join(", ")}`;
  return [{ path: [...path, "headers"], value: undefined, reason }];
}

function statusProblems({ works = [], dead = [], tryAgain = [] }: ApiRequest, path: Path): Problem[] {
  const all = [...works, ...dead, ...tryAgain];
  const twice = all.find((status, index) => all.indexOf(status) !== index);
  const problems: Problem[] =
    twice === undefined ? [] : [{ path, value: undefined, reason: `status ${twice} stands in two of its lists` }];
  const redirect = works.find((status) => status >= 300 && status < 400);
  if (redirect === undefined) return problems;
  const reason = "a redirect never means that it works: none is followed";
  return [...problems, { path: [...path, "works"], value: redirect, reason }];
}
