import { statSync } from "node:fs";
import type { OperationName } from "../shared/operations.ts";
import { bundleFunctions } from "./bundles.ts";
import { type Measure, measure } from "./measure.ts";
import { inDirectory } from "./processes.ts";

const kilobyte = 1_024;

/** How large a function may be, in KB, where that is more than the others. */
const sizes: Partial<Record<OperationName, number>> = {
  // Six clients of the SDK: of the secrets themselves, and of all places where certificates and keys lie.
  "audit-secrets": 600,
  // Nine: of all that can be scaled, of metrics, tags, quotas, and of the queue, the table and the bus.
  "evaluate-scaling": 650,
  // Eleven: of AWS Backup, of all that it can back up, of who indexes that, of keys, and of the bus. That of EC2 is the largest there is.
  "verify-backups": 1_500,
  // The drivers of PostgreSQL, MySQL and Redis are three quarters of it. Each is evaluated only when it is used.
  "rotate-secrets": 2_400,
  "heal-rotations": 2_400,
};

/** How large each function is as it is deployed, by itself and against the bare SDK clients and drivers that it uses. */
export function measureSizes(): Promise<Measure[]> {
  return inDirectory(async (directory) => {
    const bundled = await bundleFunctions(directory);
    return bundled.flatMap(({ operation, whole, bare }) => {
      const [size, bareSize] = [statSync(whole).size, statSync(bare).size];
      const clients = `the bare SDK clients and drivers that it uses are ${Math.round(bareSize / kilobyte)} KB`;
      return [
        measure(`bundle.${operation}`, size / bareSize, "ratio", { atMost: 1.45 }, clients),
        measure(
          `bundle.${operation}-size`,
          size / kilobyte,
          "KB",
          { atMost: sizes[operation] ?? 500 },
          "minified, without its source map",
        ),
      ];
    });
  });
}
