/** Minutes as people say them: 5 min, 4 h, 7 d, 1 d 1 h. */
export function inWords(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1_440), "d"],
    [Math.floor((minutes % 1_440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? "0 min" : said.join(" ");
}
