import { readFileSync } from "node:fs";
import { verifyEstate } from "./backups-estate.ts";

// A verification in a process of its own: its peak is not that of whoever started it. The policies lie beside it, as they do
// beside a function.

const { policies, size } = JSON.parse(readFileSync(new URL("estate.json", import.meta.url), "utf8"));
process.stdout.write(JSON.stringify(await verifyEstate(policies, size)));
