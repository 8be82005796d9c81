// How a function's code becomes one file, and how Node starts it. Infra gives this to the CDK, which starts esbuild with
// it; `npm run bench` measures what comes of it.

export const bundling = {
  target: "node24",
  mainFields: ["module", "main"],
  minify: true,
  sourcesContent: false,
};

/** For Lambda, as NODE_OPTIONS. */
export const nodeOptions = "--enable-source-maps";
