import type { MetricObjectWithValues, MetricValue } from 'prom-client';

type Sample = MetricValue<string> & { readonly metricName?: string };
export type MetricSamples = MetricObjectWithValues<MetricValue<string>>;

/** `/actuator/metrics/{name}`, as Spring Boot shapes it. */
export interface MetricReport {
  readonly name: string;
  readonly description: string;
  readonly baseUnit: string | null;
  readonly measurements: readonly { readonly statistic: string; readonly value: number }[];
  readonly availableTags: readonly { readonly tag: string; readonly values: readonly string[] }[];
}

export type TagFilter = Readonly<Record<string, string>>;

const unitSuffix = /_(seconds|bytes)(?:_total)?$/;

/** Finds a metric by its own name, or by the dotted one that Micrometer would give it. */
export function findMetric(metrics: readonly MetricSamples[], name: string): MetricSamples | undefined {
  const snake = name.replaceAll('.', '_');
  const names = [name, snake, ...['seconds', 'bytes', 'total'].map((suffix) => `${snake}_${suffix}`)];
  return names.map((candidate) => metrics.find((metric) => metric.name === candidate)).find(Boolean);
}

/** `name`: what it was asked for by. */
export function reportMetric(name: string, metric: MetricSamples, filter: TagFilter): MetricReport | undefined {
  const samples = (metric.values as readonly Sample[]).filter(({ labels }) =>
    Object.entries(filter).every(([tag, value]) => String((labels as Record<string, unknown>)[tag]) === value),
  );
  if (samples.length === 0 && Object.keys(filter).length > 0) return undefined;
  return {
    name,
    description: metric.help,
    baseUnit: unitSuffix.exec(metric.name)?.[1] ?? null,
    measurements: measure(metric, samples),
    availableTags: tagsOf(samples, filter),
  };
}

function measure(metric: MetricSamples, samples: readonly Sample[]): MetricReport['measurements'] {
  const sum = (chosen: readonly Sample[]): number => chosen.reduce((total, { value }) => total + value, 0);
  const named = (suffix: string) => samples.filter(({ metricName }) => metricName === `${metric.name}_${suffix}`);
  switch (String(metric.type)) {
    case 'histogram':
    case 'summary':
      return [
        { statistic: 'COUNT', value: sum(named('count')) },
        { statistic: unitSuffix.test(metric.name) ? 'TOTAL_TIME' : 'TOTAL', value: sum(named('sum')) },
      ];
    case 'counter':
      return [{ statistic: 'COUNT', value: sum(samples) }];
    default:
      return [{ statistic: 'VALUE', value: sum(samples) }];
  }
}

/** Bounds of buckets and quantiles are how a metric is kept, not what it is about. */
const inner = new Set(['le', 'quantile']);

function tagsOf(samples: readonly Sample[], filter: TagFilter): MetricReport['availableTags'] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of samples) {
    for (const [tag, value] of Object.entries(labels as Record<string, unknown>)) {
      if (inner.has(tag) || Object.hasOwn(filter, tag)) continue;
      values.set(tag, (values.get(tag) ?? new Set()).add(String(value)));
    }
  }
  return [...values].map(([tag, set]) => ({ tag, values: [...set].toSorted() }));
}
