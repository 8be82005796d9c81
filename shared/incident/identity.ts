import { type Instant, iso } from "../instant.ts";

/**
 * The name of an incident, from its key and the stamp that opened it: a rerun gives the same. It tells a person what it is
 * about and since when; the digits at its end keep two keys apart that look alike.
 */
export function incidentId(key: string, openedAt: Instant): string {
  const words = key
    .replace(/^arn:.*?:alarm:/, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const about = words.slice(-maximumWords).replace(/^-/, "").toLowerCase() || "incident";
  const since = iso(openedAt).slice(0, 19).replace(/[-:]/g, "");
  return `${about}-${since}-${digits(`${key}|${openedAt}`).slice(0, 8)}`;
}

const maximumWords = 40;

/** FNV-1a over UTF-16 units, twice with different beginnings: 64 bits that are the same everywhere. */
export function digits(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x01000193);
}

function half(text: string, offset: number): string {
  let hash = offset;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
    hash ^= hash >>> 15;
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
