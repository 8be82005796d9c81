import type { SimulatedSecretsManager } from "../../../simulation/aws/secrets-manager.ts";

/** Fields of a secret's JSON that are no secret: everything else in it is. */
const known = new Set([
  ...["engine", "host", "port", "username", "dbname", "sslmode", "sslrootcert", "sslservername", "masterarn"],
  ...["userName", "accessKeyId", "user_arn", "id", "keyId", "createdAt", "acceptedUntil", "account"],
  ...["certificate", "chain", "acmArn"],
]);

/** What is searched for, by a name that may be printed. */
export type Marks = Map<string, string>;

let made = 0;

/** A value that stands nowhere by chance. */
export function marked(what: string): string {
  made += 1;
  return `canary-${what}-${String(made).padStart(4, "0")}-Zq7`;
}

/** Everything secret that Secrets Manager holds now, of whatever version: what was put there, and what was generated. */
export function marksOf({ secrets }: SimulatedSecretsManager): Marks {
  const marks: Marks = new Map();
  for (const { name, versions } of secrets.values()) {
    for (const [version, { value }] of versions) {
      for (const [field, text] of secretsIn(value ?? "")) marks.set(text, `${name} ${version} ${field}`);
    }
  }
  return marks;
}

/** Whatever was marked, in whatever field; and of JSON all that is in no field that is known to be public. */
function secretsIn(text: string): [field: string, text: string][] {
  const found = [...text.matchAll(/canary-[\w-]+?-Zq7/g)].map(([mark]): [string, string] => ["mark", mark]);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // A text that is no JSON is secret as a whole.
    document = text;
  }
  const lines = leaves("", document).flatMap(([field, leaf]) => linesOf(leaf).map((line) => [field, line] as const));
  return [...found, ...lines.map(([field, line]): [string, string] => [field, line])];
}

function leaves(field: string, value: unknown): [field: string, text: string][] {
  if (typeof value === "number" && value > 1_000_000) return [[field, String(value)]];
  if (typeof value === "string") return known.has(field) ? [] : [[field, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => leaves(name, each));
}

/** A PEM text may be broken anywhere: each of its lines alone would be too much. */
function linesOf(text: string): string[] {
  if (!text.includes("-----BEGIN")) return text.length < 5 ? [] : [text];
  return text.split("\n").filter((line) => line.length >= 20 && !line.startsWith("-----"));
}

/** How a value may look where somebody has written it. */
export function looksOf(mark: string): string[] {
  const bytes = Buffer.from(mark);
  // Base64 of what stands in the middle of a longer text: all but the first and last characters, at each of three places.
  const inside = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift === 0 ? 0 : 4, -2),
  );
  const json = JSON.stringify(mark).slice(1, -1);
  const twice = JSON.stringify(json).slice(1, -1);
  return [...new Set([mark, json, twice, encodeURIComponent(mark), bytes.toString("hex"), ...inside])];
}
