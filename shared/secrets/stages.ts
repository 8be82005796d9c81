/** The labels of each version of a secret that has any. */
export type Stages = Readonly<Record<string, readonly string[]>>;

/** The version that has a label; null when none has. */
export function versionAt({ stages }: { stages: Stages }, stage: string): string | null {
  return Object.keys(stages).find((version) => stages[version]?.includes(stage)) ?? null;
}

/** AWS moves AWSPREVIOUS to what was current until then: so a version that has it was the current one once. */
export function wasCurrent({ stages }: { stages: Stages }, version: string): boolean {
  return stages[version]?.includes("AWSPREVIOUS") ?? false;
}
