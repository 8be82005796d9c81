// Texts of the configuration with placeholders: `{{current.key}}`, `{{token}}`. Pure, because the configuration is checked by it.

/** Whose field stands in a placeholder. `token` and `secret` have no fields: the version that is made, and the secret's name. */
export const sources = ["current", "tested", "dead", "administrator"] as const;
export type TemplateSource = (typeof sources)[number] | "token" | "secret";

export interface Placeholder {
  /** As it stands, with its braces. */
  text: string;
  source: TemplateSource;
  /** Null of token and secret. */
  field: string | null;
}

/** What a text refers to. What stands in braces and is no placeholder is told apart. */
export function placeholdersIn(template: string): { known: Placeholder[]; unknown: string[] } {
  const known: Placeholder[] = [];
  const unknown: string[] = [];
  for (const [text, inside = ""] of template.matchAll(/\{\{([^{}]*)\}\}/g)) {
    const placeholder = placeholderOf(text, inside.trim());
    if (placeholder === null) unknown.push(text);
    else known.push(placeholder);
  }
  const rest = template.replace(/\{\{[^{}]*\}\}/g, "");
  if (/\{\{/.test(rest)) unknown.push("{{");
  return { known, unknown };
}

function placeholderOf(text: string, inside: string): Placeholder | null {
  if (inside === "token" || inside === "secret") return { text, source: inside, field: null };
  const [, source = "", field = ""] = /^([a-z]+)\.([A-Za-z0-9_-]{1,64})$/.exec(inside) ?? [];
  const known = sources.find((each) => each === source);
  return known === undefined ? null : { text, source: known, field };
}

/** What each placeholder stands for; null for one that has nothing, which then is `missing`. */
export type Lookup = (placeholder: Placeholder) => string | null;

/** The text with everything in its place, each value written as `written` says; or the first placeholder that has nothing. */
export function rendered(
  template: string,
  lookup: Lookup,
  written: (value: string) => string,
): { text: string } | { missing: Placeholder } {
  const missing: Placeholder[] = [];
  const text = template.replace(/\{\{([^{}]*)\}\}/g, (whole, inside: string) => {
    const placeholder = placeholderOf(whole, inside.trim());
    if (placeholder === null) return whole;
    const value = lookup(placeholder);
    if (value === null) missing.push(placeholder);
    return value === null ? "" : written(value);
  });
  const [first] = missing;
  return first === undefined ? { text } : { missing: first };
}
