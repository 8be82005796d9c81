/** A command of the SDK, by the name of its class. */
export function commandName(command: unknown): string {
  return typeof command === "object" && command !== null ? command.constructor.name : String(command);
}

/**
 * Refuses a parameter that a simulated service does not know, rather than ignoring it: an ignored parameter is a claim that
 * nobody checked. The error is not the service's, because it is about us.
 */
export function refuseParameters(service: string, command: string, input: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(name)) {
      throw new Error(`the simulated ${service} does not implement ${name} of ${command}`);
    }
  }
}

/** A refusal by the service is a reply like any other, and nobody sees it. What is our own mistake comes through. */
export async function executeUnseen(execute: () => Promise<unknown>): Promise<void> {
  try {
    await execute();
  } catch (error) {
    if (!isAnswer(error)) throw error;
  }
}

/** What a service answers instead of a result says whose fault it is; our own mistakes do not. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && "$fault" in error && "$metadata" in error;
}
