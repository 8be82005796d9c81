import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test leaves anything behind in a module, so one worker may run many files.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
