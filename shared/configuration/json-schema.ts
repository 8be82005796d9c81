import type * as z from "zod/mini";
import { toJSONSchema } from "zod/mini";
import { Broken } from "../failures.ts";
import { type Explanation, explanationsIn } from "./comments.ts";
import { readDocument } from "./document.ts";
import { isMap } from "./path.ts";
import { isDate } from "./primitives.ts";
import { configurationSchema, isLogRetention, isTimeZone, logRetentions } from "./schema.ts";

// The configuration's schema for editors. It is made of what is said elsewhere: shapes and limits are the zod schema's, the
// explanations are base.yml's comments, the defaults its values. For the CLI; a function must not import this.

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** `base` is complete, as base.yml must be; `layer` is for all that lies on it, which states only what differs. */
export type SchemaKind = "base" | "layer";

/**
 * The JSON Schema of a configuration file. Draft 7, because that is what the YAML language server (VS Code and others) and
 * JetBrains' editors both know in full; they know later drafts in part. Throws `Broken` for a key that base.yml does not
 * explain, and for a check that is not told here how to say itself in JSON Schema.
 */
export function editorSchema(baseText: string, kind: SchemaKind): JsonSchema {
  const read = readDocument(baseText);
  if (!read.ok) throw new Broken("base.yml is no configuration");
  const plain: JsonSchema = toJSONSchema(configurationSchema, { target: "draft-07", override: stateChecks });
  const writer: Writer = { explanations: explanationsIn(baseText), kind };
  const { $schema, ...dressed } = dress(writer, plain, { path: [], stated: read.value });
  return { $schema, title: titles[kind], ...dressed };
}

const titles: Record<SchemaKind, string> = {
  base: "Nightshift's base.yml",
  layer: "Nightshift's configuration",
};

type Override = NonNullable<NonNullable<Parameters<typeof toJSONSchema>[1]>["override"]>;

/** Our own checks, and the ends of numbers, in words that JSON Schema has and editors show. */
function stateChecks({ zodSchema, jsonSchema, path }: Parameters<Override>[0]): void {
  for (const { _zod } of zodSchema._zod.def.checks ?? []) {
    if (_zod.def.check !== "custom" || !("fn" in _zod.def)) continue;
    const said = checks.get(_zod.def.fn);
    if (said === undefined) throw new Broken(`JSON Schema is not told what is checked at ${path.join(".")}`);
    Object.assign(jsonSchema, said);
  }
  // Our own reader takes a runbook with blanks in it, which `uri` would not.
  if (jsonSchema.format === "uri") {
    delete jsonSchema.format;
    jsonSchema.pattern = "^https?://";
  }
  if (jsonSchema.enum !== undefined) {
    delete jsonSchema.minimum;
    delete jsonSchema.maximum;
  }
  if (jsonSchema.exclusiveMinimum === 0) {
    delete jsonSchema.exclusiveMinimum;
    jsonSchema.minimum = 1;
  }
}

const checks = new Map<unknown, JsonSchema>([
  [isDate, { format: "date" }],
  // Which zones there are, the reader's own list says.
  [isTimeZone, { pattern: "^[A-Za-z0-9_+:/-]+$" }],
  [isLogRetention, { enum: logRetentions }],
]);

interface Writer {
  explanations: readonly Explanation[];
  kind: SchemaKind;
}

/** Where the writer stands. */
interface Place {
  /** The keys that lead there; `*` for an entry of a list and for a name that people choose. */
  path: readonly string[];
  /** What base.yml states there; undefined where it states nothing. */
  stated: unknown;
}

function dress(writer: Writer, schema: JsonSchema, place: Place): JsonSchema {
  const { path, stated } = place;
  const { anyOf, oneOf, items, additionalProperties, propertyNames } = schema;
  if (anyOf !== undefined) return { ...schema, anyOf: anyOf.map((each) => dress(writer, each, place)) };
  if (oneOf !== undefined) return { ...schema, oneOf: oneOf.map((each) => dress(writer, each, place)) };
  const inside = [...path, "*"];
  // A list replaces as a whole, so nothing of it is stated by another layer.
  if (isSchema(items)) return { ...schema, items: dress(writer, items, { path: inside, stated: undefined }) };
  if (schema.properties !== undefined) return dressMap(writer, schema, place);
  if (!isSchema(additionalProperties)) return schema;
  const names = isSchema(propertyNames) ? propertyNames.enum : undefined;
  if (names !== undefined) return dressMap(writer, spelledOut(schema, names.map(String)), place, inside);
  const dressed = {
    ...schema,
    additionalProperties: dress(writer, additionalProperties, { path: inside, stated: undefined }),
  };
  if (writer.kind === "base" || !isMap(stated) || Object.keys(stated).length === 0) return dressed;
  const entries = Object.entries(stated).map(([name, value]) => [
    name,
    dress(writer, additionalProperties, { path: inside, stated: value }),
  ]);
  return { ...dressed, properties: Object.fromEntries(entries) };
}

/** A map of names that are all known, with each of them spelled out: editors offer those. */
function spelledOut({ type, additionalProperties = true, required }: JsonSchema, names: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(names.map((name) => [name, additionalProperties]));
  return { type, properties, required, additionalProperties: false };
}

/** A map of known keys. What a lower layer states need not be stated again. `alike` is the path of every entry where all are alike. */
function dressMap(writer: Writer, schema: JsonSchema, place: Place, alike?: readonly string[]): JsonSchema {
  const { properties = {}, required = [], ...rest } = schema;
  const stated = isMap(place.stated) ? place.stated : {};
  const entries = Object.entries(properties).map(([key, inner]) => {
    const path = alike ?? [...place.path, key];
    const value = Object.hasOwn(stated, key) ? stated[key] : undefined;
    if (!isSchema(inner)) throw new Broken(`no schema of ${path.join(".")}`);
    const description = explanationOf(writer, path);
    return [key, { description, ...defaultOf(inner, value), ...dress(writer, inner, { path, stated: value }) }];
  });
  const missing = required.filter((key) => writer.kind === "base" || !Object.hasOwn(stated, key));
  return { ...rest, properties: Object.fromEntries(entries), ...(missing.length > 0 ? { required: missing } : {}) };
}

/** The default of a map is what its keys' defaults make of it. */
function defaultOf({ type }: JsonSchema, value: unknown): { default?: unknown } {
  const isMade = type === "object" && isMap(value) && Object.keys(value).length > 0;
  return value === undefined || isMade ? {} : { default: value };
}

/** Its own, else that of the first function's block that has the same key: they share most of their keys. */
function explanationOf({ explanations }: Writer, path: readonly string[]): string {
  const of = (wanted: readonly string[]) => explanations.find((each) => fits(wanted, each.path))?.says;
  const says = of(path) ?? (path.length > 1 ? of(["*", ...path.slice(1)]) : undefined);
  if (says === undefined) throw new Broken(`no comment in configuration/base.yml explains ${path.join(".")}`);
  return says;
}

function fits(wanted: readonly string[], path: readonly string[]): boolean {
  return wanted.length === path.length && wanted.every((key, index) => key === "*" || key === path[index]);
}

function isSchema(schema: unknown): schema is JsonSchema {
  return isMap(schema);
}
