import { statSync } from "node:fs";
import { bundleFunctions } from "./bundles.ts";
import { type Measure, measure } from "./measure.ts";
import { inDirectory } from "./processes.ts";

const kilobyte = 1_024;

/** How large each function is as it is deployed, by itself and against the bare SDK clients that it makes. */
export function measureSizes(): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const bundled = await bundleFunctions(directory);
    return bundled.flatMap(({ operation, whole, bare }) => {
      const [size, bareSize] = [statSync(whole).size, statSync(bare).size];
      const clients = `the bare SDK clients that it makes are ${Math.round(bareSize / kilobyte)} KB`;
      return [
        measure(`bundle.${operation}`, size / bareSize, "ratio", { atMost: 1.45 }, clients),
        measure(`bundle.${operation}-size`, size / kilobyte, "KB", { atMost: 500 }, "minified, without its source map"),
      ];
    });
  });
}
