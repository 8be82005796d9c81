/** Whether a server is missing here; then it says why, in a line, for the suite that is skipped. */
export function saysMissing(suite: string, server: string, missing: string | undefined): boolean {
  if (missing !== undefined) process.stdout.write(`${suite}: not tried on ${server}: ${missing}\n`);
  return missing !== undefined;
}
