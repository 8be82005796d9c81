// What is asked of a service, reduced to what distinguishes one question from another: which command, with which
// parameters, with which expressions. Two lists of it say whether a contract covers what the functions rely on.

/** The `send` of any client. Its type has an overload for each command; whichever it is, it goes through as it came. */
export type Sending = (command: unknown) => Promise<unknown>;

/** The same `send`, with each command told to `note` before it is sent. */
export function noting<Send>(send: Send, note: (command: unknown) => void): Send {
  const through = send as Sending;
  const noted: Sending = (command) => {
    note(command);
    return through(command);
  };
  return noted as Send;
}

/** As sentences: `QueryCommand KeyConditionExpression: queue = :1`, `GetItemCommand ConsistentRead: true`. */
export function featuresOf(command: unknown): string[] {
  if (typeof command !== "object" || command === null || !("input" in command)) throw new Error("no command");
  const features = new Set<string>();
  const name = command.constructor.name;
  describe(command.input, "", {}, (feature) => features.add(`${name} ${feature}`));
  return [...features];
}

/** What is in these says nothing of what is relied on: rows, their keys, and the values of placeholders. */
const contents = new Set(["Item", "Key", "Keys", "ExclusiveStartKey", "ExpressionAttributeValues"]);
/** The keys of these are the caller's own names. */
const named = new Set(["RequestItems", "MessageAttributes"]);
/** Of these the value matters, not only that there is one. */
const chosen = /^(IndexName|AlarmTypes|StateValue|DataType|ConsistentRead)$/;

function describe(value: unknown, path: string, names: Names, tell: (feature: string) => void): void {
  const last = path.split(".").at(-1) ?? "";
  if (Array.isArray(value)) {
    for (const each of value) describe(each, path, names, tell);
  } else if (typeof value === "string" && last.endsWith("Expression")) {
    tell(`${path}: ${normalised(value, names)}`);
  } else if (chosen.test(last)) {
    tell(`${path}: ${value}`);
  } else if (typeof value !== "object" || value === null || contents.has(last)) {
    tell(path);
  } else {
    const { ExpressionAttributeNames: own = names, ...rest } = value as { ExpressionAttributeNames?: Names };
    for (const [name, inner] of Object.entries(rest)) {
      if (inner === undefined) continue;
      const inside = path === "" ? name : `${path}.${named.has(last) ? "NAME" : name}`;
      describe(inner, inside, own, tell);
    }
  }
}

type Names = Readonly<Record<string, string>>;

/** An expression with the attributes' own names, and its values numbered in the order in which they come. */
function normalised(expression: string, names: Names): string {
  const values: string[] = [];
  return expression.replace(/[#:]\w+/g, (placeholder) => {
    if (placeholder.startsWith("#")) return names[placeholder] ?? placeholder;
    if (!values.includes(placeholder)) values.push(placeholder);
    return `:${values.indexOf(placeholder) + 1}`;
  });
}

/**
 * The expressions that stand in a source as literal texts. An attribute's placeholder is taken for one that is named
 * after it: another fails as one that is never sent.
 */
export function expressionsIn(source: string): string[] {
  const literals = source.matchAll(/(["`])((?:(?!\1)[^\\\n])*)\1/g);
  return [...literals]
    .map(([, , text = ""]) => text)
    .filter((text) => looksLikeExpression.test(text))
    .map((text) => normalised(text.replace(/#(\w+)/g, "$1"), {}));
}

const looksLikeExpression =
  /\b(attribute_(not_)?exists|attribute_type|begins_with|contains|if_not_exists|list_append)\(|(=|<|>|BETWEEN|IN) \(?:\w|^(SET|REMOVE|ADD|DELETE) [#\w]/;
