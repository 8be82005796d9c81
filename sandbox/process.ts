import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { Unavailable } from "../shared/failures.ts";

export interface CommandOptions {
  directory: string;
  variables: Record<string, string>;
  limitSeconds: number;
}

/** Runs a command to its end and gives what it printed. Throws `Unavailable` with its last lines when it fails or takes too long. */
export function runCommand(command: string, parameters: readonly string[], options: CommandOptions): Promise<string> {
  const { directory, variables, limitSeconds } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: directory, env: variables, timeout: limitSeconds * 1_000 });
    let printed = "";
    const keep = (chunk: Buffer) => {
      printed = `${printed}${chunk.toString("utf8")}`.slice(-maximumKept);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const stop = () => child.kill("SIGKILL");
    process.once("exit", stop);
    child.on("error", (cause) => reject(new Unavailable(`${command} does not start: ${cause.message}`, { cause })));
    child.on("close", (code, killedBy) => {
      process.off("exit", stop);
      if (code === 0) resolve(printed);
      else reject(new Unavailable(`${command} ended with ${code ?? killedBy}: ${lastLines(printed)}`));
    });
  });
}

/**
 * The environment for everything that the sandbox starts: the person's own, without anything that could lead to a real
 * account, with this Node first in the path (Lambda's Node, for the functions), and with the emulator's endpoint.
 */
export function sandboxVariables(endpoint: string): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(AWS|CDK|NIGHTSHIFT|npm_config_call)/.test(name) ? [] : [[name, value]],
  );
  const inherited: Record<string, string> = Object.fromEntries(own);
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...inherited,
    PATH: `${dirname(process.execPath)}${separator}${inherited.PATH ?? ""}`,
    CI: "true",
    NO_COLOR: "1",
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
  };
}

export const region = "us-east-1";
export const account = "000000000000";

const nowhere = process.platform === "win32" ? "NUL" : "/dev/null";
const maximumKept = 64 * 1024;

function lastLines(printed: string): string {
  const lines = printed.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("npm warn"));
  return lines.slice(-3).join(" | ") || "it printed nothing";
}
