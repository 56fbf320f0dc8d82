/** Labels of a time series, `__name__` among them. */
export type Labels = Readonly<Record<string, string>>;

/** A time series as a function of the minute since the start; undefined where there is no sample. */
export interface Series {
  readonly labels: Labels;
  readonly at: (minute: number) => number | undefined;
}

export function series(name: string, labels: Labels, at: Series['at'] | number): Series {
  return { labels: { __name__: name, ...labels }, at: typeof at === 'number' ? () => at : at };
}

/** One series as a test file of promtool has it. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** Samples of a series from the start to the last minute. @param step minutes between two samples */
export function inputSeries({ labels, at }: Series, step: number, lastMinute: number): InputSeries {
  const { __name__: name = '', ...others } = labels;
  const shown = Object.entries(others).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const samples = Array.from({ length: Math.floor(lastMinute / step) + 1 }, (_, index) => at(index * step));
  return { series: `${name}{${shown.join(', ')}}`, values: shorthand(samples) };
}

/** Equal samples in a row as `value+0xtimes`; Prometheus marks a series that ends as stale. */
function shorthand(samples: readonly (number | undefined)[]): string {
  const words: string[] = [];
  for (let start = 0; start < samples.length;) {
    const value = samples[start];
    let end = start + 1;
    while (end < samples.length && samples[end] === value) end += 1;
    const times = end - start - 1;
    if (value === undefined) {
      const ends = start > 0;
      words.push(...(ends ? ['stale'] : ['_']), ...(times > 0 ? [`_x${times}`] : []));
    } else words.push(times > 0 ? `${value}+0x${times}` : String(value));
    start = end;
  }
  return words.join(' ');
}
