/** What `npm audit --json` came to. */
export type Verdict =
  /** The registry answered. `grave` are the advisories of high or critical severity, a line each. */
  | { type: "answered"; grave: string[]; lesser: number; dependencies: number }
  /** The registry has no such service. */
  | { type: "not-offered"; reason: string }
  /** Nobody answered, or what came was no answer. */
  | { type: "failed"; reason: string };

/** Reads what npm printed. npm says of a weakness, of a registry that has no advisories and of a network that is down with the same exit code. */
export function verdictOf(output: string): Verdict {
  const answer = parsed(output);
  if (answer === null) return { type: "failed", reason: "npm audit printed no JSON" };
  if (isObject(answer.vulnerabilities) && isObject(answer.metadata))
    return answered(answer.vulnerabilities, answer.metadata);
  const status = Number(answer.statusCode);
  const reason = firstLine(answer);
  return notOffered.has(status) ? { type: "not-offered", reason: `${status}` } : { type: "failed", reason };
}

/** Not found, method not allowed, gone, not implemented: a mirror that only hands out packages answers so. */
const notOffered = new Set([404, 405, 410, 501]);

function answered(vulnerabilities: Record<string, unknown>, metadata: Record<string, unknown>): Verdict {
  const all = Object.entries(vulnerabilities);
  const grave = all.filter(([, each]) => isObject(each) && /^(high|critical)$/.test(String(each.severity)));
  const counted = isObject(metadata.dependencies) ? metadata.dependencies : {};
  return {
    type: "answered",
    grave: grave.map(([name, each]) => lineOf(name, isObject(each) ? each : {})),
    lesser: all.length - grave.length,
    dependencies: Number(counted.prod ?? 0),
  };
}

/** The package, how grave it is, and why: its own advisories, or the package through which it has them. */
function lineOf(name: string, { severity, range, via, fixAvailable }: Record<string, unknown>): string {
  const causes = Array.isArray(via)
    ? via.map((each) => (isObject(each) ? `${each.title} (${each.url})` : `by ${each}`))
    : [];
  const mend = fixAvailable === false ? "no version mends it yet" : "a newer version mends it";
  return `${name} ${range}: ${severity}: ${causes.join("; ")}; ${mend}`;
}

function firstLine(answer: Record<string, unknown>): string {
  const inner = isObject(answer.error) ? (answer.error.summary ?? answer.error.code) : undefined;
  const said = [answer.message, inner].map((each) => String(each ?? "")).find((each) => each !== "");
  // Whose registry it is need not be told.
  return (said ?? "npm audit gave no reason").split("\n")[0]?.replace(/\bhttps?:\/\/\S+/g, "the registry") ?? "";
}

function parsed(output: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(output);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
