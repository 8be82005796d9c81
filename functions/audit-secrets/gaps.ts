/** What could not be looked at: the audit goes on without it, and says so. */
export interface Gaps {
  /** Sentences, each once; so many at most. */
  readonly list: readonly string[];
  add(gap: string): void;
  /** What `ask` resolves to; null, and a gap, when it rejects. */
  around<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer | null>;
}

export function createGaps(): Gaps {
  const list: string[] = [];
  const add = (gap: string) => {
    if (list.length < maximumGaps && !list.includes(gap)) list.push(gap);
  };
  return {
    list,
    add,
    async around(what, ask) {
      try {
        return await ask();
      } catch (error) {
        // The message may repeat what was sent.
        add(`${what} could not be looked at: ${error instanceof Error ? error.name : "an unknown error"}`);
        return null;
      }
    },
  };
}

const maximumGaps = 100;
