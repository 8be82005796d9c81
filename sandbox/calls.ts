import { region } from "./process.ts";

// Two calls for which the project has no SDK client.

/**
 * Invokes a function as CloudWatch or the scheduler does (`Event`), or waits for its end (`RequestResponse`) as Secrets Manager
 * does, and then gives what it logged. Rejects with what the function threw.
 */
export async function invoke(
  endpoint: string,
  functionArn: string,
  how: "Event" | "RequestResponse",
  payload: object,
): Promise<string> {
  const response = await fetch(`${endpoint}/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`, {
    method: "POST",
    headers: { ...headersFor("lambda"), "X-Amz-Invocation-Type": how, "X-Amz-Log-Type": "Tail" },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(120_000),
  });
  const failure = response.headers.get("X-Amz-Function-Error");
  if (!response.ok || failure !== null) throw new Error(`${failure ?? response.status}: ${await response.text()}`);
  return Buffer.from(response.headers.get("X-Amz-Log-Result") ?? "", "base64").toString("utf8");
}

/** Puts one event onto a bus. */
export async function putEvent(endpoint: string, bus: string, detailType: string, detail: object): Promise<void> {
  const entry = { EventBusName: bus, Source: "nightshift", DetailType: detailType, Detail: JSON.stringify(detail) };
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      ...headersFor("events"),
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSEvents.PutEvents",
    },
    body: JSON.stringify({ Entries: [entry] }),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (!response.ok || JSON.parse(answer).FailedEntryCount !== 0) throw new Error(answer);
}

/** The emulator asks for no signature, only for the name of the service. */
export function headersFor(service: string): Record<string, string> {
  const credential = `test/20260101/${region}/${service}/aws4_request`;
  return { Authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none` };
}
