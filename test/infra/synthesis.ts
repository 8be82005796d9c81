import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { addNightshift } from "../../infra/nightshift.ts";
import { root } from "../tidy/source.ts";

// Each app of the CDK listens for the end of the process, and here there is more than one.
process.setMaxListeners(50);

export interface Synthesis {
  template: Template;
  /** What cdk-nag and the library have to say, one line each. */
  complaints: string[];
  outputDirectory: string;
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Metadata?: { cdk_nag?: { rules_to_suppress: { id: string; reason: string }[] } };
  DeletionPolicy?: string;
}

/** The stack as `cdk synth -c environment=…` makes it, in this process; without bundles unless `bundled`. */
export function synthesise(context: Record<string, string>, { bundled = false } = {}): Synthesis {
  const flags: Record<string, unknown> = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")).context;
  const unbundled = bundled ? {} : { "aws:cdk:bundling-stacks": [] };
  const outdir = mkdtempSync(join(tmpdir(), "nightshift-synth-"));
  process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir, context: { ...flags, ...unbundled, ...context }, analyticsReporting: false });
  const stack = addNightshift(app);
  const template = Template.fromStack(stack);
  const annotations = Annotations.fromStack(stack);
  const everything = [
    ...annotations.findError("*", Match.anyValue()),
    ...annotations.findWarning("*", Match.anyValue()),
  ];
  return {
    template,
    complaints: everything.map(({ id, entry }) => `${id}: ${String(entry.data)}`),
    outputDirectory: app.outdir,
  };
}

export function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}
