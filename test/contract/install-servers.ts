// node test/contract/install-servers.ts
// Fetches, once, what the contracts are held against: AWS's DynamoDB Local and what it needs with Maven, MiniStack and
// moto with pip, each into an environment of its own. CI calls it; `npm test` never does.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installEmulator } from "../../sandbox/emulator.ts";
import { installMoto } from "../../sandbox/moto.ts";
import { Refused, reasonOf, Unavailable } from "../../shared/failures.ts";
import { jarFolder } from "./dynamodb-local.ts";
import { emulatorDirectory } from "./servers.ts";

const version = "2.6.1";

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>nightshift</groupId>
  <artifactId>dynamodb-local</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.amazonaws</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

const servers: Readonly<Record<string, () => unknown>> = {
  "DynamoDB Local": installDynamoDbLocal,
  MiniStack: () => installInto(emulatorDirectory, () => installEmulator(emulatorDirectory)),
  moto: () => installInto(emulatorDirectory, () => installMoto(emulatorDirectory)),
};

for (const [name, install] of Object.entries(servers)) {
  try {
    await install();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
    process.stderr.write(`${name} was not installed: ${error.message}\n`);
    process.exitCode = error instanceof Refused ? 2 : 3;
  }
}

function installInto(directory: string, install: () => Promise<unknown>): Promise<unknown> {
  mkdirSync(directory, { recursive: true });
  return install();
}

/** The mark is written last, so that a broken download is made again. */
function installDynamoDbLocal(): void {
  const mark = join(jarFolder, `complete-${version}`);
  if (existsSync(mark)) return;
  rmSync(jarFolder, { recursive: true, force: true });
  mkdirSync(jarFolder, { recursive: true });
  const project = mkdtempSync(join(tmpdir(), "dynamodb-local-"));
  writeFileSync(join(project, "pom.xml"), pom);
  const copy = ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${jarFolder}`];
  const maven = spawnSync("mvn", copy, { cwd: project, stdio: "inherit" });
  rmSync(project, { recursive: true, force: true });
  if (maven.status === 0) writeFileSync(mark, "");
  else throw new Unavailable(maven.error === undefined ? "Maven failed" : reasonOf(maven.error));
}
