// node test/contract/install-dynamodb-local.ts
// Fetches AWS's DynamoDB Local and what it needs with Maven, once. CI calls it; `npm test` never does.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jarFolder } from "./dynamodb-local.ts";

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

process.exitCode = install();

/** The exit code: 0 if the jars are there. The mark is written last, so that a broken download is made again. */
function install(): number {
  const mark = join(jarFolder, `complete-${version}`);
  if (existsSync(mark)) {
    return 0;
  }
  rmSync(jarFolder, { recursive: true, force: true });
  mkdirSync(jarFolder, { recursive: true });
  const project = mkdtempSync(join(tmpdir(), "dynamodb-local-"));
  writeFileSync(join(project, "pom.xml"), pom);
  const copy = ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${jarFolder}`];
  const maven = spawnSync("mvn", copy, { cwd: project, stdio: "inherit" });
  rmSync(project, { recursive: true, force: true });
  if (maven.status !== 0) {
    process.stderr.write(`DynamoDB Local was not installed: ${maven.error?.message ?? "Maven failed"}\n`);
    return 1;
  }
  writeFileSync(mark, "");
  return 0;
}
