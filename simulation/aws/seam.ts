import { commandName } from "../commands.ts";

/** What a scene puts between whoever asks and a simulated service. */
export interface Seam {
  /**
   * Told of each command before it is executed. What it throws is what the service answers: a throttle, a refusal. What it changes
   * has happened since the command before: a vault is gone between two of its pages.
   */
  before: (command: string, input: object) => void;
  /** How many there are on a page: no more than were asked for; as on AWS there may be fewer, and none, and still more to come. */
  pageSize: (command: string, asked: number) => number;
  /** How often each command was sent. */
  readonly calls: Map<string, number>;
}

export function openSeam(): Seam {
  return { before: () => {}, pageSize: (_, asked) => asked, calls: new Map() };
}

/** A `send` that goes through the seam. */
export function throughSeam(seam: Seam, answer: (command: unknown) => object): (command: unknown) => Promise<object> {
  return async (command) => {
    const name = commandName(command);
    seam.calls.set(name, (seam.calls.get(name) ?? 0) + 1);
    seam.before(name, inputOf(command));
    return answer(command);
  };
}

function inputOf(command: unknown): object {
  if (typeof command !== "object" || command === null || !("input" in command)) return {};
  return typeof command.input === "object" && command.input !== null ? command.input : {};
}
