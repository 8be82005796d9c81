import { loadConfiguration } from "../shared/configuration/files.ts";
import { Broken } from "../shared/failures.ts";
import { auditEstate } from "./secrets-audits.ts";

// Audits of so many secrets in a process of its own, which lets its garbage be collected when it is measured. It is not bundled:
// calls are counted by the names of their commands, which a minified bundle does not have.

const [count] = process.argv.slice(2);
if (count === undefined) throw new Broken("how many secrets?");
const { configuration } = loadConfiguration("production");
process.stdout.write(JSON.stringify(await auditEstate(configuration, Number(count))));
