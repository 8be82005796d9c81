import type * as z from "zod/mini";
import { nearest } from "../text.ts";
import { dotted, type Path } from "./path.ts";

type Schema = z.core.$ZodType;

/** What to say of a key that the schema does not know at this path: the nearest known one, or where it belongs. */
export function adviceFor(schema: Schema, path: Path, key: string): string {
  const known = keysAt(schema, path);
  const here = nearest(key, known);
  if (here?.close) return `did you mean "${here.candidate}"?`;
  const elsewhere = places(schema).filter((place) => place.at(-1) === key);
  if (elsewhere.length === 1 && elsewhere[0] !== undefined) return `it belongs to ${dotted(elsewhere[0])}`;
  if (here === null) return "nothing may stand here";
  return `the nearest known key is "${here.candidate}"`;
}

/** The keys that the schema names at a path; none where a map takes any name. */
function keysAt(schema: Schema, path: Path): string[] {
  const reached = path.reduce<Schema[]>((schemas, segment) => schemas.flatMap((each) => step(each, segment)), [schema]);
  return [...new Set(reached.flatMap(keysOf))];
}

type Definition = z.core.$ZodTypes["_zod"]["def"];

/** A switch on `type` narrows what this returns. */
function definition(schema: Schema): Definition {
  const def = schema._zod.def;
  if (!isBuiltIn(def)) throw new TypeError("a schema that zod did not build");
  return def;
}

function isBuiltIn(def: z.core.$ZodTypeDef): def is Definition {
  return typeof def.type === "string";
}

function keysOf(schema: Schema): string[] {
  const def = definition(schema);
  switch (def.type) {
    case "object":
      return Object.keys(def.shape);
    case "record": {
      const key = definition(def.keyType);
      return key.type === "enum" ? Object.values(key.entries).map(String) : [];
    }
    case "optional":
    case "nullable":
      return keysOf(def.innerType);
    case "union":
      return def.options.flatMap(keysOf);
    default:
      return [];
  }
}

function step(schema: Schema, segment: string | number): Schema[] {
  const def = definition(schema);
  switch (def.type) {
    case "object": {
      const inner = def.shape[String(segment)];
      return inner === undefined ? [] : [inner];
    }
    case "record":
      return [def.valueType];
    case "array":
      return [def.element];
    case "optional":
    case "nullable":
      return step(def.innerType, segment);
    case "union":
      return def.options.flatMap((option) => step(option, segment));
    default:
      return [];
  }
}

/** Every path that the schema names, outside lists and maps of free names. */
function places(schema: Schema, path: Path = []): Path[] {
  return keysAt(schema, []).flatMap((key) => {
    const inner = step(schema, key).flatMap((each) => places(each, [...path, key]));
    return [[...path, key], ...inner];
  });
}
