import type { Outside } from "./outside.ts";

// Letters and digits that are told apart, and four signs that neither a URL nor a shell nor SQL reads as anything else.
const classes = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "-_.~"] as const;
const alphabet = classes.join("");

/** A password that no server's rules refuse: 40 characters (over 230 bits) unless stated, and at least one of each class. */
export function newPassword(random: Outside["random"], length = 40): string {
  for (;;) {
    const password = drawn(random, length);
    if (classes.every((each) => [...each].some((character) => password.includes(character)))) return password;
  }
}

function drawn(random: Outside["random"], length: number): string {
  const characters: string[] = [];
  while (characters.length < length) {
    for (const byte of random(length)) {
      // What would make the first letters likelier is drawn again.
      if (byte >= alphabet.length * Math.floor(256 / alphabet.length)) continue;
      if (characters.length < length) characters.push(alphabet.charAt(byte % alphabet.length));
    }
  }
  return characters.join("");
}
