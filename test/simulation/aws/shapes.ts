// What a simulated service answers, held to the SDK's own schemas: the lists of numbers, names and further schemas by which the SDK
// itself reads what comes over the wire.

/** By structure, its members and those that answers had. */
type Seen = Map<string, { members: readonly string[]; answered: Set<string> }>;

export interface Shapes {
  /** What is wrong with an answer to the operation, each with its path. */
  problemsOf(operation: readonly unknown[], answer: object): string[];
  /** The members that no answer had so far, by structure: `BackupJob.BytesTransferred`. */
  unanswered(): string[];
}

export function createShapes(): Shapes {
  const seen: Seen = new Map();
  return {
    problemsOf(operation, answer) {
      const [, , , , , output] = operation;
      // This is the SDK's own, and of no schema.
      const said = Object.fromEntries(Object.entries(answer).filter(([name]) => name !== "$metadata"));
      return problemsIn(seen, output, said, "");
    },
    unanswered: () =>
      [...seen].flatMap(([name, { members, answered }]) =>
        members.filter((member) => !answered.has(member)).map((member) => `${name}.${member}`),
      ),
  };
}

// The first number of each schema says of what kind it is; these are the ones that have parts.
const list = 1;
const map = 2;
const structures = [3, 4, -3];

function problemsIn(seen: Seen, schema: unknown, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (typeof schema === "function") return problemsIn(seen, schema(), value, path);
  if (!Array.isArray(schema)) return simpleProblems(schema, value, path);
  // A member with traits of its own.
  if (schema.length <= 3 && typeof schema[1] !== "string") return problemsIn(seen, schema[0], value, path);
  const [kind] = schema;
  if (kind === list) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => problemsIn(seen, schema[4], item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is no object`];
  if (kind === map) {
    return Object.entries(value).flatMap(([key, item]) => problemsIn(seen, schema[5], item, `${path}.${key}`));
  }
  if (structures.includes(kind)) return structureProblems(seen, schema, value, path);
  return kind === 0 ? problemsIn(seen, schema[4], value, path) : [`${path}: there is no schema of kind ${kind}`];
}

function structureProblems(seen: Seen, schema: readonly unknown[], value: object, path: string): string[] {
  const [, , name, , members, schemas, required = 0] = schema;
  if (!isTexts(members) || !Array.isArray(schemas)) return [`${path}: ${name} has no members`];
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const answered = answeredOf(seen, String(name), members);
  for (const [member] of entries) answered.add(member);
  const missing = members.slice(0, Number(required)).filter((member) => !entries.some(([key]) => key === member));
  return [
    ...missing.map((member) => `${path}.${member} is required by ${name}, and missing`),
    ...entries.flatMap(([member, item]) => {
      const index = members.indexOf(member);
      if (index === -1) return [`${path}.${member}: ${name} has no such member`];
      return problemsIn(seen, schemas[index], item, `${path}.${member}`);
    }),
  ];
}

function answeredOf(seen: Seen, name: string, members: readonly string[]): Set<string> {
  const found = seen.get(name) ?? { members, answered: new Set() };
  seen.set(name, found);
  return found.answered;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** A list or a map of what is simple is one number too. */
const listBit = 64;
const mapBit = 128;

function simpleProblems(schema: unknown, value: unknown, path: string): string[] {
  if (typeof schema !== "number") return [`${path}: there is no schema ${String(schema)}`];
  if (schema >= mapBit) {
    if (typeof value !== "object" || value === null) return [`${path} is no map`];
    return Object.entries(value).flatMap(([key, item]) => simpleProblems(schema - mapBit, item, `${path}.${key}`));
  }
  if (schema >= listBit) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => simpleProblems(schema - listBit, item, `${path}[${index}]`));
  }
  return isSimple(schema, value) ? [] : [`${path} is of another type than ${schema}: ${String(value)}`];
}

function isSimple(schema: number, value: unknown): boolean {
  switch (schema) {
    case 0:
      return typeof value === "string";
    case 1:
      return typeof value === "number";
    case 2:
      return typeof value === "boolean";
    case 4:
    case 5:
    case 6:
    case 7:
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 21:
      return value instanceof Uint8Array;
    // A document of any shape.
    case 15:
      return true;
    case 42:
      return typeof value === "object" && value !== null;
    default:
      return false;
  }
}
