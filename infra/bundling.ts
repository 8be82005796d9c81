// How a function's code becomes one file, and how Node starts it. Infra gives this to the CDK, which starts esbuild with
// it; `npm run bench` measures what comes of it.

export const bundling = {
  target: "node24",
  mainFields: ["module", "main"],
  minify: true,
  sourcesContent: false,
};

/** Ahead of a bundle: it is a module, and the databases' drivers within it ask for Node's own modules by `require`. */
export const banner =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/** For Lambda, as NODE_OPTIONS. */
export const nodeOptions = "--enable-source-maps";
