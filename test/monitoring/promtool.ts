import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Data } from '../../verify/tree';
import type { InputSeries, Labels } from './series';

/** Debian's package `prometheus` brings it. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Tests that want promtool. Where it is missing they are left out; `alerts.test.ts` says so, once for all. */
export function describeWithPromtool(tests: () => void): void {
  jest.setTimeout(300_000);
  if (hasPromtool) return describe('promtool', tests);
  describe.skip('promtool', tests);
}

/** What an expression gives at a time: exactly these series. */
export interface Expectation {
  readonly expr: string;
  /** A Prometheus duration since the start. */
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test: readonly Expectation[];
}

/** Labels as promtool writes them. */
export function shown(name: string, labels: Labels): string {
  return `${name}{${Object.entries(labels)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}

/** Runs `promtool test rules`, and evaluates the rules at the interval of the first test. @returns its complaints, empty when all is as expected */
export function testRules(groups: readonly Data[], tests: readonly PromtoolTest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const rules = join(folder, 'rules.json');
    writeFileSync(rules, JSON.stringify({ groups }));
    const file = join(folder, 'test.json');
    writeFileSync(file, JSON.stringify({ rule_files: [rules], evaluation_interval: tests[0]?.interval, tests }));
    // It takes every core for a minute, and tests that measure answers run beside it.
    const command = ['-n', '15', 'promtool', 'test', 'rules', file];
    const { status, stdout, stderr } = spawnSync('nice', command, { encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, GOMAXPROCS: '1' } });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
