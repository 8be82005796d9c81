import { Refused } from "../shared/failures.ts";
import { quoted } from "../shared/text.ts";
import type { Terminal } from "./terminal.ts";

/** What the SDK would take for a mistake of ours. Throws `Refused` for a region or an endpoint that cannot be one, before anybody connects. */
export function checkVariables(variables: Terminal["variables"]): void {
  for (const [name, value = ""] of Object.entries(variables)) {
    if (value === "") continue;
    if (/^AWS_(DEFAULT_)?REGION$/.test(name)) checkRegion(name, value);
    if (/^AWS_ENDPOINT_URL(_\w+)?$/.test(name)) checkEndpoint(name, value);
  }
}

/** It becomes a part of a host's name. */
function checkRegion(name: string, value: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)) return;
  throw new Refused(`${name} is ${quoted(value)}, which is no region: state one, for example eu-west-1`);
}

function checkEndpoint(name: string, value: string): void {
  if (isWebAddress(value)) return;
  const whole = `http://${value}`;
  const example = !value.includes("://") && isWebAddress(whole) ? whole : "http://127.0.0.1:4566";
  throw new Refused(`${name} is ${quoted(value)}, which is no web address: state one, for example ${example}`);
}

function isWebAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== "";
}

/** Of an endpoint that somebody else serves: a web server, a proxy, a gateway. */
export function notAws({ AWS_ENDPOINT_URL: endpoint }: Terminal["variables"]): string {
  const [which, look] = endpoint ? [`the endpoint ${endpoint}`, "AWS_ENDPOINT_URL"] : ["what answered", "your proxy"];
  return `${which} did not answer as AWS: look at ${look}`;
}
