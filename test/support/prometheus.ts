/** The sum of all series of a metric whose labels hold `where`, as a management port tells it. */
export async function readMetric(
  management: string,
  name: string,
  where: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${management}/actuator/prometheus`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(where).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
