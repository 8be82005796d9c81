import { isMap, look, type Path } from "./path.ts";

export type LayerName = "base" | "environment" | "local" | "override";

export interface Layer {
  name: LayerName;
  /** The file as a person would name it, or the variable's name. */
  file: string;
  value: unknown;
  /** The line of the deepest part of the path that the layer states; null where there are no lines. */
  lineOf(path: Path): number | null;
}

/** Which layer a value came from. */
export interface Origin {
  layer: LayerName;
  file: string;
  line: number | null;
}

/** Maps merge key by key; scalars, lists and null replace. Later layers win. */
export function merge(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above))
    merged.set(key, merged.has(key) ? merge(merged.get(key), value) : value);
  return Object.fromEntries(merged);
}

/**
 * The last layer that states the path. What no layer states is missing where it should have stood first: in the
 * lowest layer that states the most of its path.
 */
export function originOf(layers: readonly Layer[], path: Path): Origin | null {
  for (let length = path.length; length >= 0; length--) {
    const known = path.slice(0, length);
    const stating = candidates(layers, known).filter((candidate) => look(candidate.value, known).found);
    const layer = length === path.length ? stating.at(-1) : stating[0];
    if (layer !== undefined) return { layer: layer.name, file: layer.file, line: layer.lineOf(path) };
  }
  return null;
}

/** Lists replace as a whole: what is inside one can only come from the layer that stated it last. */
function candidates(layers: readonly Layer[], path: Path): readonly Layer[] {
  const lengths = path.flatMap((segment, index) => (typeof segment === "number" ? [index] : []));
  return lengths.reduce<readonly Layer[]>((left, length) => {
    const owner = left.findLast((layer) => look(layer.value, path.slice(0, length)).found);
    return owner === undefined ? left : [owner];
  }, layers);
}
