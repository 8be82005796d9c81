import { markdownOf } from "../../shared/backups/markdown.ts";
import { readReport } from "../../shared/backups/report.ts";
import { nameOfChain } from "../../shared/evidence/chain.ts";
import type { Pack } from "../../shared/evidence/pack.ts";
import { type CheckedSet, type Problem, pathOf } from "../../shared/evidence/set.ts";
import { type Verification, verifyEvidence as verify } from "../../shared/evidence/verify.ts";
import { Refused } from "../../shared/failures.ts";
import { printable, quoted } from "../../shared/text.ts";
import { type Command, jsonOption } from "../command.ts";
import { evidenceFiles } from "../evidence-files.ts";
import { coloured, type Terminal, writeJson } from "../terminal.ts";

export const verifyEvidence: Command = {
  name: "verify-evidence",
  summary: "whether packs of evidence are what they were, and none is missing",
  usage: "verify-evidence FILE... [--after SHA256] [--json]",
  options: {
    after: {
      type: "string",
      value: "SHA256",
      description: "of the manifest that the first pack may follow, for the later part of a chain",
    },
    json: jsonOption,
  },
  positionals: { minimum: 1, maximum: 10_000 },
  async run({ positionals, texts, flags }, terminal) {
    const after = texts.after ?? null;
    if (after !== null && !/^[0-9a-f]{64}$/.test(after)) {
      throw new Refused(`--after ${quoted(after)} is no SHA-256: 64 digits and letters from a to f`);
    }
    const verification = verify(evidenceFiles(positionals), { after, render });
    const [first, ...others] = verification.foreign.map((path) => `${printable(path)}: is no evidence`);
    if (first !== undefined) throw new Refused(first, { also: others });
    if (flags.has("json")) writeJson(terminal, documentOf(verification));
    else terminal.output.write(textOf(verification, terminal));
    return verification.problems.length === 0 ? 0 : 1;
  },
};

function render({ operation, report }: Pack): string | null {
  const document = operation === "verify-backups" ? readReport(report) : null;
  return document === null ? null : `${markdownOf(document)}\n`;
}

/** The packs in the order of their chains, the problems by pack; offsets are zero-based. */
function documentOf({ packs, problems }: Verification): object {
  const rows = packs.map(({ base, header, sha256, previous }) => {
    const { at = null, operation = null, environment = null, account = null, region = null } = header ?? {};
    const file = pathOf(base, "pack");
    return { file, at, operation, environment, account, region, sha256, previous: previous?.sha256 ?? null };
  });
  return { holds: problems.length === 0, packs: rows, problems };
}

function textOf({ packs, problems }: Verification, terminal: Terminal): string {
  const lines = packs.map((set) => packLine(set, problems, terminal));
  const told = problems.map((each) => `${printable(each.file)}: ${place(each)}${printable(each.message)}`);
  const sum = `${packs.length} packs, ${problems.length} problems`;
  return `${[...lines, ...told, sum].join("\n")}\n`;
}

function packLine({ base, header, sha256 }: CheckedSet, problems: readonly Problem[], terminal: Terminal): string {
  const path = pathOf(base, "pack");
  const isWrong = problems.some(({ file }) => file.startsWith(`${base}.`));
  const word = coloured(terminal, terminal.output, isWrong ? "red" : "green", isWrong ? "wrong" : "holds");
  const name = header === null ? "cannot be read" : nameOfChain(header);
  return [word, header?.at ?? "?", sha256?.slice(0, 12) ?? "?", printable(name), printable(path)].join("  ");
}

function place({ offset, until }: Problem): string {
  if (offset === null) return "";
  if (until === null) return `byte ${offset} or after it: `;
  return offset === until ? `byte ${offset}: ` : `bytes ${offset} to ${until}, one of them: `;
}
