import { printable } from "../text.ts";
import { check } from "./check.ts";
import { readDocument } from "./document.ts";
import { type Layer, type LayerName, merge, type Origin, originOf } from "./merge.ts";
import { overridesVariable, readOverrides } from "./overrides.ts";
import { dotted, leaves } from "./path.ts";
import { describe } from "./problems.ts";
import type { Configuration } from "./schema.ts";

export interface ConfigurationFile {
  layer: Exclude<LayerName, "override">;
  /** As a person would name it. */
  path: string;
  text: string;
}

export type Resolved =
  | { ok: true; configuration: Configuration; origins: Record<string, Origin> }
  /** One line each: file, line, path, value, reason. */
  | { ok: false; problems: string[] };

/**
 * Lays the files over each other in the order given, the overrides (JSON) on top, and validates the result.
 * `origins` holds, for each leaf's dotted path, the layer that it came from.
 */
export function resolveConfiguration(files: readonly ConfigurationFile[], overridesText?: string): Resolved {
  const read = files.map(readLayer);
  const overrides = readOverrides(overridesText);
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (!overrides.ok) problems.push(`${overridesVariable}: ${overrides.reason}`);
  if (problems.length > 0 || !overrides.ok) return { ok: false, problems };
  const layers = [...read.flatMap((each) => (each.ok ? [each.layer] : [])), overrideLayer(overrides.value)];
  return resolveLayers(layers);
}

function resolveLayers(layers: readonly Layer[]): Resolved {
  const merged = layers.reduce<unknown>((below, layer) => merge(below, layer.value), {});
  const checked = check(merged);
  if (!checked.ok) {
    return {
      ok: false,
      problems: checked.problems.map((problem) => `${placeOf(originOf(layers, problem.path))}: ${describe(problem)}`),
    };
  }
  const origins = leaves(checked.configuration).flatMap(({ path }) => {
    const origin = originOf(layers, path);
    return origin === null ? [] : [[dotted(path), origin] as const];
  });
  return { ok: true, configuration: checked.configuration, origins: Object.fromEntries(origins) };
}

type ReadLayer = { ok: true; layer: Layer } | { ok: false; problems: string[] };

function readLayer(file: ConfigurationFile): ReadLayer {
  const read = readDocument(file.text);
  if (!read.ok) {
    const problems = read.problems.map(({ line, path, reason }) => {
      const place = placeOf({ layer: file.layer, file: file.path, line });
      return `${place}: ${describe({ path, value: undefined, reason })}`;
    });
    return { ok: false, problems };
  }
  const empty = Object.keys(Object(read.value)).length === 0;
  if (empty && file.layer !== "environment")
    return { ok: false, problems: [`${printable(file.path)}: states nothing`] };
  return { ok: true, layer: { name: file.layer, file: file.path, value: read.value, lineOf: read.lineOf } };
}

function overrideLayer(value: unknown): Layer {
  return { name: "override", file: overridesVariable, value, lineOf: () => null };
}

function placeOf(origin: Origin | null): string {
  if (origin === null) return "configuration";
  return printable(origin.line === null ? origin.file : `${origin.file}:${origin.line}`);
}
