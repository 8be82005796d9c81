import type { RetryableError, Sends } from "./throttles.ts";

/** Services that backups ask, and by which name and status each of them refuses who may not ask. */
const names = {
  backup: ["AccessDeniedException", 403],
  rds: ["AccessDenied", 403],
  dynamodb: ["AccessDeniedException", 400],
  s3: ["AccessDenied", 403],
  ec2: ["UnauthorizedOperation", 403],
  efs: ["AccessDeniedException", 403],
  fsx: ["AccessDeniedException", 400],
  config: ["AccessDeniedException", 400],
  explorer: ["AccessDeniedException", 403],
  kms: ["AccessDeniedException", 400],
  tagging: ["AccessDeniedException", 400],
} as const satisfies Partial<Record<keyof Sends, readonly [string, number]>>;

/** What the service answers to who may not do what was asked. Its class is not that of the client: callers look at the name. */
export function denied(service: keyof typeof names, action: string): RetryableError {
  const [name, httpStatusCode] = names[service];
  const message = `User: arn:aws:sts::111122223333:assumed-role/nightshift/run is not authorized to perform: ${action}`;
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode } });
}
