import * as z from "zod/mini";

// What the parts of the configuration's schema share. zod/mini, because it is bundled into every function.

// Ten years in minutes: a larger number is a slip of the unit.
export const positive = z.int().check(z.positive(), z.maximum(5_256_000));
export const wallTime = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day, for example 08:00"));
export const date = z.string().check(z.refine(isDate, "a date, for example 2027-01-01"));
export const name = z
  .string()
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "letters, digits, dot, underscore, hyphen; 64 at most"));
export const pattern = z.string().check(z.minLength(1), z.maxLength(256));

export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

export function isDate(value: string): boolean {
  const at = new Date(`${value}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
