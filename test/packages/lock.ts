import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tidy/source.ts";

/** A package as package-lock.json holds it. */
export interface Locked {
  /** Where it lies, for example `node_modules/yaml`. */
  path: string;
  name: string;
  version: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  /** It lies within the archive of another one, whose integrity covers it. */
  inBundle?: boolean;
  hasInstallScript?: boolean;
}

export interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}

export const manifest: Manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

export function lockedPackages(): Locked[] {
  const lock: { packages: Record<string, Omit<Locked, "path" | "name">> } = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  );
  return Object.entries(lock.packages).flatMap(([path, locked]) =>
    path === "" ? [] : [{ path, name: nameAt(path), ...locked }],
  );
}

/** What the package itself says of its licence; the lock's word for one that is for another machine than this. */
export function licenceOf({ path, license }: Pick<Locked, "path" | "license">): string {
  const file = join(root, path, "package.json");
  const own: { license?: string } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { license };
  return own.license ?? "none stated";
}

export function nameAt(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
