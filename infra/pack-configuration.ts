import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleAll } from "../shared/configuration/files.ts";

// Run by the bundling of every function, with the bundle's directory: the configuration of all environments travels
// with the code, so that what was tested in staging is, byte for byte, what runs in production.

const [directory = "."] = process.argv.slice(2);
writeFileSync(join(directory, "configuration.json"), JSON.stringify(bundleAll()));
