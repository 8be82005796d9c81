import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Refused } from "../failures.ts";
import { printable } from "../text.ts";
import { type EnvironmentName, environmentNamed, environments } from "./environments.ts";
import { type ConfigurationFile, resolveConfiguration } from "./layers.ts";
import type { Origin } from "./merge.ts";
import type { Configuration } from "./schema.ts";

// Reads configuration from its files: for the CLI and for infra. A function must not import this.

const ownDirectory = fileURLToPath(new URL("../../configuration", import.meta.url));
const maximumBytes = 1024 * 1024;

export interface LoadOptions {
  /** A person's own file, laid on top. */
  localFile?: string | undefined;
  /** Where base.yml and the environments' files are; the project's own directory unless stated. */
  directory?: string;
}

export interface LoadedConfiguration {
  environment: EnvironmentName;
  configuration: Configuration;
  origins: Record<string, Origin>;
}

/** The resolved configuration of an environment. Throws `Refused`: the first problem as its message, all others in `also`. */
export function loadConfiguration(environment: string, options: LoadOptions = {}): LoadedConfiguration {
  const name = environmentNamed(environment);
  const { directory = ownDirectory, localFile } = options;
  const files: ConfigurationFile[] = [
    readLayerFile("base", join(directory, "base.yml")),
    readLayerFile("environment", join(directory, `${name}.yml`)),
  ];
  if (localFile !== undefined) files.push({ layer: "local", path: localFile, text: readText(localFile, localFile) });
  const resolved = resolveConfiguration(files);
  if (resolved.ok) return { environment: name, configuration: resolved.configuration, origins: resolved.origins };
  const [first = "the configuration is wrong", ...also] = resolved.problems;
  throw new Refused(first, { also });
}

/** The configuration of every environment: what is packed with the functions as configuration.json. Throws `Refused`. */
export function bundleAll(directory = ownDirectory): Record<EnvironmentName, Configuration> {
  const [development, testing, staging, production] = environments;
  const load = (environment: EnvironmentName) => loadConfiguration(environment, { directory }).configuration;
  return {
    development: load(development),
    testing: load(testing),
    staging: load(staging),
    production: load(production),
  };
}

/** The text of base.yml, comments and all. Throws `Refused`. */
export function readBase(directory = ownDirectory): string {
  return readLayerFile("base", join(directory, "base.yml")).text;
}

function readLayerFile(layer: "base" | "environment", path: string): ConfigurationFile {
  const shown = path.startsWith(ownDirectory) ? join("configuration", relative(ownDirectory, path)) : path;
  return { layer, path: shown, text: readText(path, shown) };
}

/** The text of a file of at most 1 MiB; throws `Refused` for what is missing, no file, too long or not UTF-8. */
function readText(path: string, shown: string): string {
  const bytes = readBytes(path, shown);
  if (bytes.length > maximumBytes) throw new Refused(`${printable(shown)}: is larger than 1 MiB`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Refused(`${printable(shown)}: is not UTF-8 text`, { cause });
  }
}

/** Reads one byte more than is allowed at most: also a device without an end comes to one. */
function readBytes(path: string, shown: string): Uint8Array {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, "r");
    if (fstatSync(descriptor).isDirectory()) throw new Refused(`${printable(shown)}: is a directory, not a file`);
    const buffer = new Uint8Array(maximumBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${printable(shown)}: ${fileReason(error)}`, { cause: error });
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function fileReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reasons: Record<string, string> = {
    ENOENT: "does not exist",
    EACCES: "may not be read",
    ENOTDIR: "does not exist",
    EISDIR: "is a directory, not a file",
    ERR_INVALID_ARG_VALUE: "is no file name",
  };
  return reasons[code] ?? `cannot be read (${code === "" ? "unknown reason" : code})`;
}
