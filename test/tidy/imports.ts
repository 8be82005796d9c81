import { type Import, importsOf, type Source } from "./source.ts";

/** What the files of one place may import: packages by name, our own files by path. */
interface Permission {
  of: RegExp;
  packages: RegExp;
  files: RegExp;
}

// The table "Who may import whom" of docs/architecture.md. The first row that fits a file is its row.
const permissions: readonly Permission[] = [
  {
    of: /^functions\/[^/]+\/decide\.ts$/,
    packages: /^@date-fns\/tz\/tzOffset$/,
    files: /^shared\/|^functions\/SELF\/[^/]+\.ts$/,
  },
  {
    of: /^functions\//,
    packages: /^(zod\/mini|zod|@aws-sdk\/.*|@smithy\/types|@middy\/.*|@aws-lambda-powertools\/.*|aws-lambda|node:.*)$/,
    files: /^shared\/|^functions\/SELF\/|\.json$/,
  },
  {
    of: /^shared\//,
    packages:
      /^(zod\/mini|zod|yaml|pg|mysql2|mysql2\/promise|@redis\/client|@date-fns\/tz\/tzOffset|@aws-sdk\/.*|@smithy\/types|node:.*)$/,
    files: /^shared\//,
  },
  {
    of: /^infra\/public\//,
    packages: /^(aws-cdk-lib|aws-cdk-lib\/.*|constructs)$/,
    files: /^infra\/public\/|^shared\/(configuration\/environments\.ts$|secrets\/tags\.ts$|failures\.ts$|text\.ts$)/,
  },
  {
    of: /^infra\//,
    packages: /^(aws-cdk-lib|aws-cdk-lib\/.*|constructs|cdk-nag|node:.*)$/,
    files:
      /^infra\/|^shared\/(configuration\/|lint\/lint\.ts$|secrets\/tags\.ts$|backups\/(event-kinds|tags)\.ts$|scaling\/(acting|tags|types)\.ts$|severity\.ts$|operations\.ts$|failures\.ts$|text\.ts$)|^functions\/[^/]+\/environment\.ts$/,
  },
  {
    of: /^simulation\//,
    packages: /^(@aws-sdk\/.*|@smithy\/types|aws-lambda|@redis\/client|node:.*)$/,
    files: /^simulation\/|^functions\/[^/]+\/run\.ts$|^shared\//,
  },
  {
    of: /^bench\//,
    packages: /^(@aws-sdk\/.*|esbuild|node:.*)$/,
    files:
      /^bench\/|^functions\/[^/]+\/run\.ts$|^simulation\/|^shared\/|^infra\/bundling\.ts$|^cli\/(arguments|command|ending|tables|terminal)\.ts$/,
  },
  {
    of: /^(cli|sandbox)\//,
    packages: /^(@aws-sdk\/.*|cli-table3|node:.*)$/,
    files: /^PLACE\/|^functions\/[^/]+\/run\.ts$|^simulation\/|^shared\/|^package\.json$/,
  },
  { of: /^(test\/|[^/]+\.ts$)/, packages: /./, files: /./ },
];

/** Imports that the table forbids, as sentences. */
export function importProblems(source: Source): string[] {
  const permission = permissions.find(({ of }) => of.test(source.path));
  if (permission === undefined) return ["belongs to no folder of the layout"];
  return importsOf(source).flatMap((each) => {
    const reason = refusal(source.path, permission, each);
    return reason === null ? [] : [`${reason}: ${each.specifier}`];
  });
}

function refusal(path: string, permission: Permission, { target, isOwn, typeOnly }: Import): string | null {
  if (/^functions\/[^/]+\/handler\.ts$/.test(target)) return "nothing imports a handler";
  if (!isOwn) return permission.packages.test(target) ? null : "may not import this package";
  if (!/^(test|[^/]+\.ts$)/.test(path) && /^(test)\//.test(target)) return "nothing but tests imports tests";
  if (!allowed(permission.files, path).test(target)) return "may not import this file";
  const isEnvironment = /^functions\/[^/]+\/environment\.ts$/.test(target);
  if (path.startsWith("infra/") && isEnvironment && !typeOnly) return "infra takes only the type of an environment";
  return null;
}

function allowed(files: RegExp, path: string): RegExp {
  const [place = "", self = ""] = path.split("/");
  return new RegExp(files.source.replaceAll("SELF", self).replaceAll("PLACE", place));
}

/** A root and everything that it runs: what its value imports reach, and theirs. */
export function reachOf(rootPath: string, sources: readonly Source[]): { files: Source[]; packages: string[] } {
  const files = new Map<string, Source>();
  const packages = new Set<string>();
  const waiting = [rootPath];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const source = sources.find((each) => each.path === path);
    if (source === undefined || files.has(path)) continue;
    files.set(path, source);
    for (const { target, isOwn, typeOnly } of importsOf(source)) {
      if (typeOnly) continue;
      if (isOwn) waiting.push(target);
      else packages.add(target);
    }
  }
  return { files: [...files.values()], packages: [...packages] };
}
