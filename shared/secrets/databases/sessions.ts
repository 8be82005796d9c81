import type { Failure } from "../failure.ts";
import type { Connect, Session, Target } from "../outside.ts";

/** What a driver threw, already turned into words of ours. */
class DatabaseProblem extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "DatabaseProblem";
    this.failure = failure;
  }
}

/**
 * Enters a database, does something there, and leaves it. What the driver throws meanwhile is a failure, by `classify`; whatever
 * else is thrown is a surprise, and goes on.
 */
export async function within<Result>(
  connect: Connect,
  target: Target,
  classify: (error: unknown) => Failure,
  use: (session: Session) => Promise<Result>,
): Promise<Result | Failure> {
  const problem = (error: unknown): never => {
    throw new DatabaseProblem(classify(error));
  };
  try {
    const session = await connect(target).catch(problem);
    try {
      return await use({
        query: (statement, values) => session.query(statement, values).catch(problem),
        end: () => session.end(),
      });
    } finally {
      await session.end();
    }
  } catch (error) {
    if (error instanceof DatabaseProblem) return error.failure;
    throw error;
  }
}
