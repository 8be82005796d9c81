import { spawnSync } from "node:child_process";
import { printable } from "../../shared/text.ts";
import { root } from "../tidy/source.ts";
import { verdictOf } from "./verdict.ts";

// npm run audit: are there known weaknesses in what runs in production? First what can be known without asking anybody
// (packages.test.ts), then the registry's advisories. It ends with 0 when all is well, 1 when there is a weakness of high or
// critical severity or a package is not as it should be, 3 when the registry did not answer.

const print = (line: string) => process.stdout.write(`${printable(line, 1_000)}\n`);

process.exitCode = offlineChecksPass() ? advisories() : 1;

function offlineChecksPass(): boolean {
  const { status, stdout, stderr } = spawnSync("npx", ["vitest", "run", "test/packages"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) process.stdout.write(`${stdout}${stderr}`);
  print(
    status === 0
      ? "licences, integrity, pinned versions and install scripts are as they should be"
      : "BROKEN: a package is not as it should be; again: npx vitest run test/packages",
  );
  return status === 0;
}

function advisories(): number {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: root, encoding: "utf8" });
  const verdict = verdictOf(stdout);
  switch (verdict.type) {
    case "answered":
      for (const line of verdict.grave) print(`BROKEN: ${line}`);
      print(
        `${verdict.grave.length} of ${verdict.dependencies} production dependencies have an advisory of high or critical severity, ${verdict.lesser} a lesser one`,
      );
      return verdict.grave.length === 0 ? 0 : 1;
    case "not-offered":
      print(
        `ADVISORIES WERE NOT CHECKED: this registry offers none (it answered ${verdict.reason}). Only the checks above have passed; run npm run audit against a registry that has them.`,
      );
      return 0;
    case "failed":
      print(`the advisories could not be asked for: ${verdict.reason}; try npm run audit again`);
      return 3;
    default:
      return verdict satisfies never;
  }
}
