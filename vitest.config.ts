import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test leaves anything behind in a module, so one worker may run many files.
    isolate: false,
    // As many as there are processors: the library would leave one to itself, which on two is half of them.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
