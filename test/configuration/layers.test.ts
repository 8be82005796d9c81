import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ConfigurationFile, resolveConfiguration } from "../../shared/configuration/layers.ts";

const base: ConfigurationFile = {
  layer: "base",
  path: "base.yml",
  text: readFileSync(new URL("../../configuration/base.yml", import.meta.url), "utf8"),
};

function resolve(local: string, overrides?: string) {
  return resolveConfiguration([base, { layer: "local", path: "local.yml", text: local }], overrides);
}

/** The problems of a local file, without the file's name. */
function problemsOf(local: string): string[] {
  const resolved = resolve(local);
  return resolved.ok ? [] : resolved.problems.map((problem) => problem.replace(/^local\.yml:?/, ""));
}

function resolved(local: string, overrides?: string) {
  const result = resolve(local, overrides);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result;
}

describe("layers", () => {
  test("maps merge: what a layer does not say stays as it was", () => {
    const { configuration } = resolved("severities:\n  P0:\n    initialLevels: 2\n");
    expect(configuration.severities.P0.initialLevels).toBe(2);
    expect(configuration.severities.P0.acknowledge).toEqual({ minutes: 5 });
    expect(configuration.severities.P1.initialLevels).toBe(1);
  });

  test("lists replace as a whole", () => {
    const { configuration, origins } = resolved(
      "teams:\n  operations:\n    levels:\n      - audience: night\n        channels: [{ type: log }]\n",
    );
    expect(configuration.teams.operations?.levels).toEqual([{ audience: "night", channels: [{ type: "log" }] }]);
    expect(origins["teams.operations.levels[0].channels[0].type"]).toEqual({
      layer: "local",
      file: "local.yml",
      line: 5,
    });
  });

  test("a word replaces a map, and a map a word", () => {
    const { configuration } = resolved(
      "severities:\n  P2: { firstPage: at-once }\n  P3: { escalate: { minutes: 9 } }\n",
    );
    expect(configuration.severities.P2.firstPage).toBe("at-once");
    expect(configuration.severities.P3.escalate).toEqual({ minutes: 9 });
  });

  test("the override lies on top, and says so", () => {
    const { configuration, origins } = resolved(
      "incidents: { stabilitySeconds: 60 }",
      '{"incidents":{"stabilitySeconds":7}}',
    );
    expect(configuration.incidents.stabilitySeconds).toBe(7);
    expect(origins["incidents.stabilitySeconds"]).toEqual({
      layer: "override",
      file: "NIGHTSHIFT_OVERRIDES",
      line: null,
    });
  });

  test("every leaf has an origin", () => {
    const { origins } = resolved('findings: { cadences: { "a.b": 5 } }');
    expect(origins['findings.cadences["a.b"]']).toEqual({ layer: "local", file: "local.yml", line: 1 });
    expect(Object.keys(origins).length).toBeGreaterThan(80);
  });

  test("an overlay of an environment may state nothing", () => {
    expect(resolveConfiguration([base, { layer: "environment", path: "e.yml", text: "# nothing\n" }]).ok).toBe(true);
  });

  test("an alias stands for what it refers to", () => {
    const { configuration } = resolved(
      "tiers:\n  low: { conditions: &words [dust] }\n  medium: { conditions: *words }\n",
    );
    expect(configuration.tiers.medium.conditions).toEqual(["dust"]);
  });

  test("times and country codes are text without quotes as well", () => {
    expect(resolved("calendar:\n  digestAt: 07:30\n").configuration.calendar.digestAt).toBe("07:30");
    expect(resolved("findings:\n  cadences: { no: 5 }\n").configuration.findings.cadences).toEqual({ no: 5 });
  });
});

describe("unknown keys are refused with their path and the nearest known key", () => {
  test.each([
    {
      text: "incident:\n  reopenMinutes: 5",
      problem: '1: incident = {"reopenMinutes":5}: unknown key; did you mean "incidents"?',
    },
    {
      text: "incidents:\n  reopenMinute: 5",
      problem: '2: incidents.reopenMinute = 5: unknown key; did you mean "reopenMinutes"?',
    },
    {
      text: "incidents:\n  storm:\n    page: 5",
      problem: '3: incidents.storm.page = 5: unknown key; did you mean "pages"?',
    },
    { text: "reopenMinutes: 5", problem: "1: reopenMinutes = 5: unknown key; it belongs to incidents.reopenMinutes" },
    { text: "qqqqqqq: 1", problem: /^1: qqqqqqq = 1: unknown key; the nearest known key is "\w+"$/ },
    { text: "tiers:\n  critcal: {}", problem: '2: tiers.critcal = {}: unknown key; did you mean "critical"?' },
    { text: "severities:\n  P4: {}", problem: '2: severities.P4 = {}: unknown key; did you mean "P0"?' },
    {
      text: "severities:\n  P2:\n    firstPage: { gatherMinuts: 5 }",
      problem: /gatherMinuts = 5: unknown key; did you mean "gatherMinutes"\?$/,
    },
    {
      text: "teams: { a: { levels: [{ chanels: [] }] } }",
      problem: /levels\[0\]\.chanels = \[\]: unknown key; did you mean "channels"\?$/,
    },
    {
      text: "services: { a: { teer: low } }",
      problem: '1: services.a.teer = "low": unknown key; did you mean "tier"?',
    },
    {
      text: "routing: [{ name: a, team: operations, match: { regoin: eu } }]",
      problem: /match\.regoin = "eu": unknown key; did you mean "region"\?$/,
    },
    { text: "__proto__: { a: 1 }", problem: /^1: __proto__ = {"a":1}: unknown key/ },
    { text: "findings: { cadences: { __proto__: 5 } }", problem: /__proto__ = 5: unknown key/ },
    { text: "<<: { a: 1 }", problem: /^1: \["<<"\] = {"a":1}: unknown key/ },
  ])("$text", ({ text, problem }) => {
    const problems = problemsOf(text);
    expect(problems.some((each) => (typeof problem === "string" ? each === problem : problem.test(each)))).toBe(true);
    for (const each of problems) expect(each).not.toMatch(/\n/);
  });

  test("names that people choose get no advice", () => {
    expect(resolve("services: { incidnts: { tier: low } }").ok).toBe(true);
  });
});

describe("a wrong value is told with line, path, value, reason and how to mend it", () => {
  test.each([
    ["incidents:\n  reopenMinutes: soon", '2: incidents.reopenMinutes = "soon": must be a whole number'],
    [
      'incidents:\n  reopenMinutes: "5"',
      '2: incidents.reopenMinutes = "5": must be a whole number; write 5 without quotes',
    ],
    ["incidents:\n  reopenMinutes: 0", "2: incidents.reopenMinutes = 0: must be at least 1"],
    ["incidents:\n  reopenMinutes: 1.5", "2: incidents.reopenMinutes = 1.5: must be a whole number"],
    ["incidents:\n  reopenMinutes: .inf", "2: incidents.reopenMinutes = Infinity: must be a whole number"],
    ["incidents:\n  reopenMinutes: 99999999", "2: incidents.reopenMinutes = 99999999: must be at most 5256000"],
    [
      "incidents:\n  reopenMinutes:",
      "2: incidents.reopenMinutes = null: is empty; write a whole number, or remove the line",
    ],
    ["incidents:", "1: incidents = null: is empty; write a map (lines of `key: value`), or remove the line"],
    ["incidents: 5", "1: incidents = 5: must be a map (lines of `key: value`)"],
    ["routing: {}", "1: routing = {}: must be a list"],
    ["calendar:\n  digestAt: 25:00", '2: calendar.digestAt = "25:00": must be a time of day, for example 08:00'],
    [
      "calendar:\n  holidays: [2027-02-30]",
      '2: calendar.holidays[0] = "2027-02-30": must be a date, for example 2027-01-01',
    ],
    ["calendar:\n  businessDays: []", "2: calendar.businessDays = []: must have at least 1 entry"],
    [
      "incidents: { unroutedTier: hihg }",
      '1: incidents.unroutedTier = "hihg": must be one of critical, high, medium, low; did you mean "high"?',
    ],
    [
      "severities: { P1: { escalate: nevr } }",
      '1: severities.P1.escalate = "nevr": must be one of never, a map; did you mean "never"?',
    ],
    [
      "severities: { P1: { escalate: { minutes: no } } }",
      '1: severities.P1.escalate.minutes = "no": must be a whole number',
    ],
    [
      "teams: { a: { levels: [{ channels: [{ type: smtp }] }] } }",
      /^1: teams\.a\.levels\[0\]\.channels\[0\]\.type = "smtp": must be one of sns, log/,
    ],
    [
      "teams: { a: { levels: [{ channels: [{}] }] } }",
      /^1: teams\.a\.levels\[0\]\.channels\[0\]\.type: is missing; it must be one of sns, log/,
    ],
    ["teams: { a: {} }", "1: teams.a.levels: is missing; write a list"],
    [
      'teams: { "a b": { levels: [{ channels: [{ type: log }] }] } }',
      /^1: teams\["a b"\] = .*: the key must be letters, digits/,
    ],
    [
      "services: { a: { runbook: 'javascript:1' } }",
      /^1: services\.a\.runbook = "javascript:1": must be a web address/,
    ],
    [
      "routing: [{ name: a, team: operations, match: { account: 123456789012 } }]",
      /account = 123456789012: must be text; put it in quotes: "123456789012"$/,
    ],
    [
      "openIncidents: { logRetentionDays: 8 }",
      /^1: openIncidents\.logRetentionDays = 8: must be a retention of CloudWatch Logs: 1, 3, 5/,
    ],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toEqual([typeof problem === "string" ? problem : expect.stringMatching(problem)]);
  });
});

describe("what no schema can say", () => {
  test.each([
    ["defaultTeam: operaton", '1: defaultTeam = "operaton": no team has this name; did you mean "operations"?'],
    [
      "services: { a: { team: x } }",
      '1: services.a.team = "x": no team has this name; the nearest known one is "operations"',
    ],
    [
      "routing:\n  - name: a\n    match: { region: eu-* }\n    team: ops",
      '4: routing[0].team = "ops": no team has this name',
    ],
    [
      "secrets: { matches: [{ secret: shop/*, kind: databse-password }] }",
      '1: secrets.matches[0].kind = "databse-password": secrets.kinds has no kind of this name; did you mean "database-password"?',
    ],
    ["routing: [{ name: a, tier: low, match: {} }]", "1: routing[0].match = {}: must name at least one condition"],
    [
      "routing: [{ name: a, tier: low, match: { tags: {} } }]",
      '1: routing[0].match = {"tags":{}}: must name at least one condition',
    ],
    ["routing: [{ name: a, match: { region: eu } }]", "1: routing[0] = {"],
    [
      "routing:\n  - { name: a, tier: low, match: { region: eu } }\n  - { name: a, tier: low, match: { region: us } }",
      '3: routing[1].name = "a": routing[0] has this name already',
    ],
    ['calendar: { businessHours: { from: "18:00" } }', "base.yml:32: calendar.businessHours.to"],
    [
      "incidents: { review: { afterHours: 49 } }",
      "1: incidents.review.afterHours = 49: must not exceed review.withinHours (48)",
    ],
    [
      "teams: { a: { levels: [{ channels: [{ type: log }] }, { audience: a-1, channels: [{ type: log }] }] } }",
      '1: teams.a.levels[1].audience = "a-1": level 1 of this team has this audience already',
    ],
  ])("%s", (text, beginning) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.replace(/^base\.yml:\d+/, "base.yml:32").startsWith(beginning)).toBe(true);
  });
});
