import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Labels } from './series';

/** A series that an exporter really gave, with the labels that are its own. */
export interface Exposed {
  readonly exporter: string;
  readonly metric: string;
  readonly labels: Labels;
}

/** Labels that Prometheus adds to every series from its target. */
export const targetLabels: readonly string[] = ['job', 'namespace', 'pod', 'service', 'container', 'endpoint', 'instance'];

const folder = join(__dirname, 'fixtures');

/** Series of all fixtures. */
export function exposed(): Exposed[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.prom'))
    .flatMap((file) => {
      const exporter = file.replace(/\.prom$/, '');
      return readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => ({ exporter, ...parse(line) }));
    });
}

/** One line of the text format, without its value. */
function parse(line: string): Omit<Exposed, 'exporter'> {
  const [, metric = '', inner = ''] = /^([\w:]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
  if (metric === '') throw new Error(`no line of the text format: ${line}`);
  const labels = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name!, value!] as const);
  return { metric, labels: Object.fromEntries(labels) };
}
