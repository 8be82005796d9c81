import { describe, expect, test } from "vitest";
import { readBase } from "../../shared/configuration/files.ts";
import { resolveConfiguration } from "../../shared/configuration/layers.ts";

// Descriptions of APIs that make credentials: what is wrong with one is told in a line each, before anything is sent.

const good = {
  ...{ administrator: "vendor/admin", identifiers: ["id"] },
  create: { method: "POST", url: "https://api.example.com/keys", takes: { key: "/key", id: "/id" } },
  test: { method: "GET", url: "https://api.example.com/me", headers: { authorization: "{{tested.key}}" } },
  revoke: { method: "DELETE", url: "https://api.example.com/keys/{{dead.id}}" },
};

function problemsOf(secrets: object): string[] {
  const text = JSON.stringify({ secrets });
  const resolved = resolveConfiguration([
    { layer: "base", path: "base.yml", text: readBase() },
    { layer: "environment", path: "layer.yml", text },
  ]);
  return resolved.ok ? [] : resolved.problems;
}

const withCreate = (change: object) => ({ ...good, create: { ...good.create, ...change } });

describe("an API", () => {
  test("that is described well is taken", () => expect(problemsOf({ apis: { vendor: good } })).toEqual([]));

  test.each([
    [
      "a placeholder that there is not",
      withCreate({ body: "{{curent.key}}" }),
      /body: \{\{curent\.key\}\} is no placeholder here; create knows \{\{current\.FIELD\}\}/,
    ],
    ["one of another step", withCreate({ body: "{{dead.key}}" }), /body: \{\{dead\.key\}\} is no placeholder here/],
    ["one that does not end", withCreate({ body: "{{token" }), /body: \{\{ is no placeholder here/],
    [
      "a secret in a URL",
      withCreate({ url: "https://api.example.com/{{current.key}}" }),
      /url: \{\{current\.key\}\} must not stand in a URL/,
    ],
    [
      "an administrator's field in a URL",
      withCreate({ url: "https://api.example.com/?t={{administrator.id}}" }),
      /must not stand in a URL/,
    ],
    [
      "an administrator that is not named",
      {
        ...good,
        administrator: undefined,
        test: { ...good.test, body: "", headers: { a: "{{tested.key}}{{administrator.b}}" } },
      },
      /names no secret as its administrator/,
    ],
    [
      "no encryption",
      withCreate({ url: "http://api.example.com/keys" }),
      /url = "http:\/\/api\.example\.com\/keys": must be a web address that begins with https/,
    ],
    ["a host that is a placeholder", withCreate({ url: "https://{{secret}}.example.com/" }), /must be a web address/],
    ["a password in the URL", withCreate({ url: "https://a:b@api.example.com/" }), /must hold no user and no password/],
    ["a fragment", withCreate({ url: "https://api.example.com/#a" }), /must hold no fragment/],
    [
      "a test that asks for no credential",
      { ...good, test: { method: "GET", url: "https://api.example.com/me" } },
      /must refer to the credential/,
    ],
    ["nothing to take", withCreate({ takes: {} }), /takes.*must take at least one field/],
    ["a GET with a body", withCreate({ method: "GET", body: "x" }), /a GET has no body/],
    [
      "a body of an unknown type",
      withCreate({ body: "x", headers: { "Content-Type": "text/xml" } }),
      /content-type must be one of/,
    ],
    ["a status in two lists", withCreate({ works: [200], dead: [200] }), /status 200 stands in two of its lists/],
    ["a redirect that works", withCreate({ works: [302] }), /works = 302: a redirect never means that it works/],
    ["a status that there is not", withCreate({ works: [20] }), /works/],
    ["a pointer that is none", withCreate({ takes: { key: "key" } }), /a JSON pointer, for example/],
  ])("with %s is refused in one line", (_, api, says) => {
    const problems = problemsOf({ apis: { vendor: api } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(says);
  });

  test.each(["http://127.0.0.1:8080/keys", "http://localhost/keys", "http://[::1]:80/"])(
    "on the machine itself needs no encryption: %s",
    (url) => expect(problemsOf({ apis: { vendor: withCreate({ url }) } })).toEqual([]),
  );
});

describe("a webhook", () => {
  const hook = (url: string) => ({ webhooks: { vendor: { url, signingSecret: "hooks/key" } } });

  test.each([
    ["https://hooks.example.com/rotate", null],
    ["http://hooks.example.com/rotate", /must be a web address/],
    ["https://hooks.example.com/{{token}}", /holds no placeholder/],
  ])("%s: %s", (url, says) => {
    expect(problemsOf(hook(url)).join()).toMatch(says ?? /^$/);
  });

  test("has a name that no API has", () => {
    const problems = problemsOf({ apis: { vendor: good }, ...hook("https://hooks.example.com/") });
    expect(problems.join()).toContain("secrets.apis has this name already");
  });
});
