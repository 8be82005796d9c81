import { hash } from "node:crypto";

// A file's SHA-256 says whether it is the same; the digests of its blocks say where it is not.

export const blockBytes = 64;
/** Of each digest: 72 bits, which only have to tell one block from what may have become of it. */
const digestLetters = 12;

export function sha256(bytes: Buffer | string): string {
  return hash("sha256", bytes, "hex");
}

export function digestOf(block: Buffer): string {
  return hash("sha256", block, "base64url").slice(0, digestLetters);
}

/** The digests of all blocks, one after the other. */
export function blocksOf(bytes: Buffer): string {
  const digests: string[] = [];
  for (let from = 0; from < bytes.length; from += blockBytes)
    digests.push(digestOf(bytes.subarray(from, from + blockBytes)));
  return digests.join("");
}

/** The digest of the block with this number. */
export function digestAt(blocks: string, number: number): string {
  return blocks.slice(number * digestLetters, (number + 1) * digestLetters);
}
