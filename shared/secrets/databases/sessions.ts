import type { Failure } from "../failure.ts";
import type { Connect, Session, Target } from "../outside.ts";

/** Says what a driver threw as a failure, or throws it again where it is a surprise. */
type Classify = (error: unknown) => Failure | Promise<Failure>;

/** Waits for an answer of the driver. */
type Asked = <Answer>(answer: Promise<Answer>) => Promise<Answer>;

/**
 * Enters a database of SQL, does something there, and leaves it. What the driver throws meanwhile is a failure, by `classify`;
 * whatever else is thrown is a surprise, and goes on.
 */
export function within<Result>(
  connect: Connect,
  target: Target,
  classify: Classify,
  use: (session: Session) => Promise<Result>,
): Promise<Result | Failure> {
  return entered(
    () => connect(target),
    classify,
    (session, asked) =>
      use({ query: (statement, values) => asked(session.query(statement, values)), end: () => session.end() }),
  );
}

/** The same for any server. `use` lets what it asks go through `asked`, and sees itself what the driver throws. */
export async function entered<Opened extends { end(): Promise<void> }, Result>(
  enter: () => Promise<Opened>,
  classify: Classify,
  use: (session: Opened, asked: Asked) => Promise<Result>,
): Promise<Result | Failure> {
  const thrown = new Set<unknown>();
  const asked: Asked = (answer) =>
    answer.catch((error: unknown) => {
      thrown.add(error);
      throw error;
    });
  try {
    const session = await asked(enter());
    try {
      return await use(session, asked);
    } finally {
      await session.end();
    }
  } catch (error) {
    if (thrown.has(error)) return await classify(error);
    throw error;
  }
}
