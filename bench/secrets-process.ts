import { readFileSync } from "node:fs";
import { Broken } from "../shared/failures.ts";
import { auditEstate } from "./secrets-audits.ts";

// Audits of so many secrets in a process of its own, which lets its garbage be collected when it is measured.

const [count] = process.argv.slice(2);
if (count === undefined) throw new Broken("how many secrets?");
const configuration = JSON.parse(readFileSync(new URL("configuration.json", import.meta.url), "utf8"));
process.stdout.write(JSON.stringify(await auditEstate(configuration, Number(count))));
