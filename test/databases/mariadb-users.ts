import { randomBytes } from "node:crypto";
import { nativeHash } from "../../shared/secrets/databases/mysql-hash.ts";
import type { Session, Target } from "../../shared/secrets/outside.ts";
import type { Value } from "../../shared/secrets/value.ts";
import { administratorArn, textOf, versionOf } from "./secret.ts";

/** A user of a server, and the version of a secret that holds its password. */
export interface User {
  name: string;
  /** As it stands in a statement. */
  account: string;
  target: Target;
  current: Value;
}

let count = 0;

/** Makes a user with a password of its own. `attributes` follow the password; `more` is in the secret beside it. */
export async function newUser(
  root: Session,
  place: Target,
  options: { name?: string; host?: string; attributes?: string; more?: Record<string, unknown> } = {},
): Promise<User> {
  count++;
  const { name = `app${count}`, host = "%", attributes = "", more = { masterarn: administratorArn } } = options;
  const password = `first-${randomBytes(12).toString("hex")}`;
  const account = `\`${name.replaceAll("`", "``")}\`@\`${host}\``;
  const identified = `IDENTIFIED VIA mysql_native_password USING '${nativeHash(password)}'`;
  await root.query(`CREATE USER ${account} ${identified} ${attributes}`);
  const target: Target = { ...place, user: name, password };
  return { name, account, target, current: versionOf(textOf("mariadb", target, more)) };
}
