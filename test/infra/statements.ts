import type { Template } from "aws-cdk-lib/assertions";

/** One statement of any policy of a template: of a role, a queue, a topic, a bus, a key, a table or a stream. */
export interface Statement {
  /** The resource that the policy belongs to, by its place in the tree. */
  owner: string;
  effect: string;
  /** As they are written, `NotAction`, `NotResource` and `NotPrincipal` with a `not` before them. */
  actions: string[];
  resources: string[];
  principals: string[];
  condition: unknown;
}

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

/** Every statement of every policy, wherever in a resource it stands; what invokes a function has a resource of its own. */
export function statementsOf(template: Template): Statement[] {
  const all: Resources = template.toJSON().Resources;
  return Object.entries(all).flatMap(([id, { Type, Properties = {} }]) => {
    const raw = Type === "AWS::Lambda::Permission" ? [permission(Properties)] : rawStatements(Properties);
    return raw.map((each) => statement(nameOf(id), each, all));
  });
}

function permission({ Action, FunctionName, Principal, SourceArn, SourceAccount }: Record<string, unknown>) {
  return { Effect: "Allow", Action, Resource: FunctionName, Principal, Condition: { SourceArn, SourceAccount } };
}

/** The parts of a statement that stand for more than one thing, in a line; null when there is none. */
export function wildcardsOf({ owner, effect, actions, resources, principals }: Statement): string | null {
  const wide = (text: string) => /\*|^not /.test(text);
  if (![...actions, ...resources, ...principals].some(wide)) return null;
  const who = principals.length === 0 ? "" : ` to ${principals.join(", ")}`;
  return `${owner}: ${effect} ${actions.join(", ")} on ${resources.join(", ") || "itself"}${who}`;
}

function rawStatements(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "Statement" in value ? [value.Statement].flat().filter(isObject) : [];
  return [...own, ...Object.values(value).flatMap((inner) => (inner === own ? [] : rawStatements(inner)))];
}

function statement(owner: string, raw: Record<string, unknown>, all: Resources): Statement {
  const texts = (value: unknown) => (value === undefined ? [] : [value].flat().map((each) => textOf(each, all)));
  const principals = (value: unknown) => (isNamed(value) ? Object.values(value).flatMap(texts) : texts(value));
  return {
    owner,
    effect: String(raw.Effect),
    actions: [...texts(raw.Action), ...texts(raw.NotAction).map(negated)],
    resources: [...texts(raw.Resource), ...texts(raw.NotResource).map(negated)],
    principals: [...principals(raw.Principal), ...principals(raw.NotPrincipal).map(negated)],
    condition: raw.Condition ?? null,
  };
}

/** `{ AWS: …, Service: … }`, and no reference. */
function isNamed(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).every((key) => !/^(Ref|Fn::)/.test(key));
}

function negated(text: string): string {
  return `not ${text}`;
}

/** A text, its references by the names of what they refer to. */
function textOf(value: unknown, all: Resources): string {
  if (!isObject(value)) return String(value);
  const [name, parts] = Object.entries(value)[0] ?? ["", ""];
  if (name === "Ref") return nameOf(String(parts));
  if (name === "Fn::Join" && Array.isArray(parts)) {
    return [parts[1]]
      .flat()
      .map((part) => textOf(part, all))
      .join(String(parts[0]));
  }
  if (name !== "Fn::GetAtt" || !Array.isArray(parts)) return JSON.stringify(value);
  const [id, attribute] = parts.map(String);
  // CloudFormation gives the ARN of a log group with all its streams.
  if (all[id ?? ""]?.Type === "AWS::Logs::LogGroup") return `${nameOf(id ?? "")}:*`;
  return attribute === "Arn" ? nameOf(id ?? "") : `${nameOf(id ?? "")}.${attribute}`;
}

/** Without the digits that the library puts at the end of a name. */
function nameOf(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, "").replace(/DefaultPolicy$/, "");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
