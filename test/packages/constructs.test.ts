import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleAll } from "../../shared/configuration/files.ts";
import { root } from "../tidy/source.ts";

// What other people install: packed, installed without a network into an app that has nothing but the CDK, and synthesised by
// every Node that is at hand.

const directory = mkdtempSync(join(tmpdir(), "nightshift-constructs-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const app = `import { App, Stack } from "aws-cdk-lib";
import { BackupResource } from "aws-cdk-lib/aws-backup";
import { RotatedSecret } from "nightshift-constructs";
import { ProtectedResources } from "nightshift-constructs/backups";

const app = new App({ outdir: process.argv[2] ?? "cdk.out", analyticsReporting: false });
const stack = new Stack(app, "Shop");
new RotatedSecret(stack, "Key", { environment: "production", kind: "api-key", strategy: "random" });
RotatedSecret.database(stack, "User", { environment: "production", engine: "mysql", host: "db.example.com", username: "app" });
new ProtectedResources(stack, "Backups", { environment: "production", resources: [BackupResource.fromTag("tier", "gold")] });
app.synth();
`;

/** The Node of the tests, and the one that the machine has besides. */
const nodes = [process.execPath, machineNode()].filter((path) => path !== null);
const manifest = JSON.parse(readFileSync(join(root, "infra/public/package.json"), "utf8"));
const project = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

describe("the package of constructs", () => {
  beforeAll(() => {
    run("npm", ["pack", join(root, "infra/public"), "--silent", "--pack-destination", directory], root);
    writeFileSync(join(directory, "package.json"), '{ "name": "shop", "private": true, "type": "module" }');
    // The app has its CDK from elsewhere: only what we packed is installed.
    const offline = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--silent"];
    run("npm", ["install", ...offline, `./nightshift-constructs-${manifest.version}.tgz`], directory);
    for (const name of ["aws-cdk-lib", "constructs"]) {
      symlinkSync(join(root, "node_modules", name), join(directory, "node_modules", name));
    }
    writeFileSync(join(directory, "app.mjs"), app);
    writeFileSync(join(directory, "app.mts"), app);
  }, 120_000);

  test("holds nothing but the compiled constructs, the modules that they import, and how they may be used", () => {
    const modules = ["configuration/environments", "failures", "secrets/tags", "text"].map((name) => `shared/${name}`);
    const own = ["database-secret", "protected-resources", "rotated-secret"].map((name) => `infra/public/${name}`);
    const compiled = [...own, ...modules].flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]);
    const files = filesIn(join(directory, "node_modules/nightshift-constructs"));
    expect(files.toSorted()).toEqual(["README.md", "dist/LICENSE", "package.json", ...compiled].toSorted());
  });

  test("brings no package of its own, and is of the project's version", () => {
    expect(manifest).not.toHaveProperty("dependencies");
    const { version, license } = project;
    expect(manifest).toMatchObject({ version, license });
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(range).toBe(`^${project.devDependencies[name]}`);
    }
  });

  test.each(nodes)("synthesises an app by %s", (node) => {
    const out = mkdtempSync(join(directory, "out-"));
    run(node, ["app.mjs", out], directory);
    const { Resources } = JSON.parse(readFileSync(join(out, "Shop.template.json"), "utf8"));
    const schedules = Object.values<{ Type: string; Properties: object }>(Resources).filter(
      ({ Type }) => Type === "AWS::SecretsManager::RotationSchedule",
    );
    expect(schedules).toHaveLength(2);
    for (const { Properties } of schedules) {
      expect(Properties).toMatchObject({
        RotationLambdaARN: { "Fn::ImportValue": "nightshift-production-rotate-secrets" },
        RotationRules: { AutomaticallyAfterDays: 88 },
      });
    }
    expect(JSON.stringify(Resources)).toContain('"RuleName":"frequent"');
    expect(JSON.stringify(Resources)).toContain('{"Key":"nightshift:strategy","Value":"random"}');
  });

  test("has types that an app is checked against", () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node"];
    const roots = ["--typeRoots", join(root, "node_modules/@types")];
    run(process.execPath, [compiler, ...strict, ...roots, "app.mts"], directory);
    writeFileSync(join(directory, "wrong.mts"), app.replace("kind:", "sort:"));
    const wrong = spawnSync(process.execPath, [compiler, ...strict, ...roots, "wrong.mts"], { cwd: directory });
    expect(String(wrong.stdout)).toContain("wrong.mts");
    expect(wrong.status).not.toBe(0);
  }, 60_000);

  test("has the intervals of the policy", () => {
    const { kinds } = bundleAll().production.secrets;
    const stated = Object.entries(kinds).flatMap(([kind, { rotateDays }]) => (rotateDays ? [[kind, rotateDays]] : []));
    expect(Object.fromEntries(stated)).toEqual({ "api-key": 90, "database-password": 90, "service-account": 180 });
  });
});

function run(command: string, parameters: string[], cwd: string): void {
  mkdirSync(cwd, { recursive: true });
  const { status, stdout, stderr } = spawnSync(command, parameters, { cwd, encoding: "utf8", timeout: 120_000 });
  if (status !== 0) throw new Error(`${command} ${parameters[0]} ended with ${status}: ${stdout}${stderr}`);
}

function machineNode(): string | null {
  const places = (process.env.PATH ?? "").split(delimiter).filter((place) => !place.includes("node_modules"));
  const found = places.map((place) => join(place, "node")).find((path) => existsSync(path));
  if (found === undefined) process.stderr.write("skipped: this machine has no Node of its own to synthesise by\n");
  return found ?? null;
}

function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
}
