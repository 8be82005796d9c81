/**
 * Whether an event passes a pattern of EventBridge, which is also the language of a mapping's filter; of that language
 * as much as the stack uses: nested fields, lists of values of which one must be there, and prefixes. Throws for the rest.
 * Source: EventBridge User Guide, "Comparison operators for use in event patterns".
 */
export function passes(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = fieldOf(event, field);
    return Array.isArray(wanted) ? wanted.some((one) => fits(one, value)) : passes(wanted, value);
  });
}

function fits(wanted: unknown, value: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return value === wanted;
  const [[operator, operand] = []] = Object.entries(wanted);
  if (operator !== "prefix" || typeof operand !== "string") {
    throw new Error(`the matcher does not implement ${JSON.stringify(wanted)}`);
  }
  return typeof value === "string" && value.startsWith(operand);
}

function fieldOf(event: unknown, field: string): unknown {
  return typeof event === "object" && event !== null ? (event as Record<string, unknown>)[field] : undefined;
}
