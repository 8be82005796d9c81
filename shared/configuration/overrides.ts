import { isMap } from "./path.ts";

export const overridesVariable = "NIGHTSHIFT_OVERRIDES";

/** All variables of a function together have 4 KiB; a longer text never came from there. */
const maximumLength = 4_096;

export type Overrides = { ok: true; value: Record<string, unknown> } | { ok: false; reason: string };

/** Reads the run-time override: a JSON object of the configuration's shape, stating only what differs. Unset and "" say nothing. */
export function readOverrides(text: string | undefined): Overrides {
  if (text === undefined || text === "") return { ok: true, value: {} };
  if (text.length > maximumLength) return { ok: false, reason: `is longer than ${maximumLength} characters` };
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value)
      ? { ok: true, value }
      : { ok: false, reason: 'must be a JSON object, for example {"incidents":{"stabilitySeconds":10}}' };
  } catch {
    return { ok: false, reason: "is not JSON" };
  }
}
