import { environmentNamed, environments } from "../../shared/configuration/environments.ts";
import { type LoadedConfiguration, loadConfiguration } from "../../shared/configuration/files.ts";
import { lint as lintAll } from "../../shared/lint/lint.ts";
import type { LintFinding } from "../../shared/lint/types.ts";
import { printable } from "../../shared/text.ts";
import { type Command, jsonOption, localOption } from "../command.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const lint: Command = {
  name: "lint",
  summary: "what the policy promises and can never keep",
  usage: "lint [--environment E] [--local FILE] [--strict] [--json]",
  options: {
    environment: { type: "string", value: "E", description: "only this one; all four unless stated" },
    local: localOption,
    strict: { type: "boolean", description: "end with 1 on any finding, also a warning or an acknowledged one" },
    json: jsonOption,
  },
  positionals: { minimum: 0, maximum: 0 },
  async run({ texts, flags }, terminal) {
    const names = texts.environment === undefined ? environments : [environmentNamed(texts.environment)];
    const loaded = names.map((name) => loadConfiguration(name, { localFile: texts.local }));
    const findings = lintAll(loaded, texts.environment === undefined).map((finding) => placed(finding, loaded));
    if (flags.has("json")) writeJson(terminal, { findings });
    else terminal.output.write(textOf(findings, terminal));
    const isWrong = ({ severity, acknowledged }: LintFinding) =>
      flags.has("strict") || (severity === "error" && acknowledged === null);
    return findings.some(isWrong) ? 1 : 0;
  },
};

interface Placed extends LintFinding {
  file: string;
  line: number | null;
}

/** In which file, and on which line of it, the finding's key stands. */
function placed(finding: LintFinding, loaded: readonly LoadedConfiguration[]): Placed {
  const own = loaded.find(({ environment }) => finding.environment === null || environment === finding.environment);
  const { path } = finding;
  const origins = own?.origins ?? {};
  const key = Object.keys(origins).find(
    (each) => each === path || each.startsWith(`${path}.`) || each.startsWith(`${path}[`),
  );
  const origin = key === undefined ? undefined : origins[key];
  return { ...finding, file: origin?.file ?? "configuration/base.yml", line: origin?.line ?? null };
}

function textOf(findings: readonly Placed[], terminal: Terminal): string {
  if (findings.length === 0) return "nothing contradicts itself\n";
  const bold = (text: string) => coloured(terminal, terminal.output, "bold", text);
  const blocks = findings.map(({ rule, severity, path, file, line, environment, acknowledged, ...said }) => {
    const word = acknowledged === null ? severity : `${severity}, acknowledged`;
    const format = acknowledged !== null ? "dim" : severity === "error" ? "red" : "yellow";
    const place = `${file}${line === null ? "" : `:${line}`}`;
    return [
      `${coloured(terminal, terminal.output, format, word)} ${bold(rule)} in ${environment ?? "every environment"}`,
      `  ${printable(said.message)}`,
      `  ${printable(said.arithmetic)}`,
      `  at      ${printable(path)} (${printable(place)})`,
      `  remedy  ${printable(said.remedy)}`,
      ...(acknowledged === null ? [] : [`  reason  ${printable(acknowledged)}`]),
    ].join("\n");
  });
  return `${blocks.join("\n\n")}\n\n${counted(findings)}\n`;
}

function counted(findings: readonly Placed[]): string {
  const of = (severity: string, isKnown: boolean) =>
    findings.filter((each) => each.severity === severity && (each.acknowledged !== null) === isKnown).length;
  return `${of("error", false)} errors, ${of("error", true)} more acknowledged; ${of("warning", false)} warnings, ${of("warning", true)} more acknowledged`;
}
