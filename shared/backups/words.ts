/** Seconds as people say them: 45 s, 12 min, 5 h, 3 d. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${rounded(seconds / 60)} min`;
  return seconds < 172_800 ? `${rounded(seconds / 3_600)} h` : `${rounded(seconds / 86_400)} d`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How many points these are, with those that they stand for. */
export function numberOf(points: readonly { standsFor?: number }[]): number {
  return points.reduce((sum, { standsFor = 1 }) => sum + standsFor, 0);
}

/** `1 point is`, `12 points are`. */
export function counted(points: readonly { standsFor?: number }[], one: string, many: string): string {
  const count = numberOf(points);
  return count === 1 ? `1 point ${one}` : `${count} points ${many}`;
}
