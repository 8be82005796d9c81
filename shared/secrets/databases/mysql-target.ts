import { type Failure, failure, isFailure } from "../failure.ts";
import type { Session } from "../outside.ts";
import type { Rotation } from "../strategy.ts";
import type { Value } from "../value.ts";
import { entryOf } from "./entry.ts";
import { within } from "./mysql.ts";
import {
  type Account,
  accountOf,
  cachingSha2,
  type Definition,
  definitionFrom,
  native,
  type ServerVersion,
  textOf,
  versionOf,
} from "./mysql-account.ts";
import { cachingSha2Hash, nativeHash, newSalt } from "./mysql-hash.ts";
import type { Engine } from "./target.ts";

/** What a session sees of the account that let it in. Anybody may see their own. */
export interface Seen {
  account: Account;
  version: ServerVersion;
  definition: Definition;
}

export async function seen(session: Session): Promise<Seen> {
  const version = await versionOf(session);
  const account = await accountOf(session);
  // Otherwise the bytes of a salt would come as if they were letters.
  if (printsHex(version)) await session.query(["SET", "print_identified_with_as_hex = ON"].join(" "));
  return { account, version, definition: definitionFrom(await textOf(session, "SHOW CREATE USER CURRENT_USER()")) };
}

function printsHex({ isMariaDb, number }: ServerVersion): boolean {
  return !isMariaDb && number >= hexSince;
}

const hexSince = 8_00_17;

/** IDENTIFIED … with a password of which the server learns only the hash, for the plugin that the account has. */
export function identifiedBy(
  password: string,
  { version, definition }: Pick<Seen, "version" | "definition">,
  random: Rotation["outside"]["random"],
): string | Failure {
  const plugins = definition.methods.map(({ plugin }) => plugin);
  if (plugins.includes(native)) return `IDENTIFIED WITH ${native} AS '${nativeHash(password)}'`;
  if (plugins.includes(cachingSha2) && printsHex(version)) {
    const hash = cachingSha2Hash(password, newSalt(random));
    return `IDENTIFIED WITH ${cachingSha2} AS 0x${Buffer.from(hash, "latin1").toString("hex")}`;
  }
  return failure(
    "policy",
    `the account has a method of authentication for which no hash can be stored on version ${version.text}`,
    `let it have ${native}, or ${cachingSha2} from MySQL 8.0.17 on`,
  );
}

/** Whether a credential is let in. */
export async function tryLogin(
  { outside }: Pick<Rotation, "outside">,
  value: Value,
  engines: readonly Engine[],
): Promise<Failure | null> {
  const entry = entryOf(value, engines);
  if (isFailure(entry)) return entry;
  return await within<null>(outside.mysql, entry.target, async () => null);
}
