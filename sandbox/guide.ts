import { type Deployment, stack } from "./deployment.ts";
import { account, region } from "./process.ts";
import { acting } from "./services.ts";

export interface Reachable {
  endpoint: string;
  /** As a person in the project's folder would name it. */
  logFile: string;
  deployment: Deployment;
  overrides: unknown;
  /** Variables that lead to another server, for what the emulator lacks. */
  elsewhere: Readonly<Record<string, string>>;
}

/** How to reach the sandbox that is kept: lines to paste, and what is deployed there. */
export function guide({ endpoint, logFile, deployment, overrides, elsewhere }: Reachable): string[] {
  const { outputs, ledgerTable, decisionsTable, deliveryQueue } = deployment;
  const width = Math.max(...Object.keys(outputs).map((name) => name.length));
  const incidents = `--filter-expression 'sk = :sk' --expression-attribute-values '{":sk":{"S":"incident"}}'`;
  return [
    "",
    `The sandbox goes on running. What it prints is in ${logFile}. To end it: npm run sandbox -- --stop`,
    "",
    "To point the AWS CLI, or whatever is made with an SDK, at it, paste this into a shell. It leads to no account of yours:",
    "",
    `  export AWS_ENDPOINT_URL=${endpoint}`,
    ...Object.entries(elsewhere).map(([name, value]) => `  export ${name}=${value}`),
    `  export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    "  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
    "  unset AWS_PROFILE AWS_SESSION_TOKEN",
    "",
    `What is deployed there, in account ${account}: ${stack}, with the overrides ${JSON.stringify(overrides)}`,
    "",
    ...Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    "",
    "What to try, from this folder; the last four want the lines above, and the last three the AWS CLI as well:",
    "",
    "  npm run sandbox -- --alarm checkout-errors",
    "  npm run sandbox -- --ok checkout-errors",
    `  npm run nightshift -- why ${acting} --at $(date -u +%H:%M) --decisions ${decisionsTable}`,
    "  aws cloudwatch set-alarm-state --alarm-name checkout-errors --state-value ALARM --state-reason 'to see it'",
    `  aws dynamodb scan --table-name ${ledgerTable} ${incidents} --query 'Items[].body.S' --output text`,
    // Version 1 of the AWS CLI takes the variable for every service but this one.
    `  aws sqs receive-message --endpoint-url ${endpoint} --queue-url ${pagesBeside(deliveryQueue)}`,
  ];
}

/** The proofs' own queue, which hears every page of P0; an emulator has all queues of an account at one address. */
function pagesBeside(queue: string): string {
  return new URL("sandbox-pages", queue).href;
}
