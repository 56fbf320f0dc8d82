import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { gatePolicy, plumber } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { tool } from '../harness/tools';
import type { Refusal, Row } from '../../test/decision/rows';

/** The rule of the gate that refuses for a reason. */
const gateRules = {
  unsupported: 'require-supported-volume',
  unknown: 'require-verdict',
  earlierLife: 'refuse-beside-earlier-life',
  foreignSource: 'require-restore-source',
  staleSource: 'refuse-stale-restore-source',
  noSkipReason: 'require-skip-restore-reason',
} as const satisfies Record<Refusal, string>;

/** What is wrong with a row, or undefined. */
export interface Outcome {
  readonly row: Row;
  readonly problem: string | undefined;
}

/**
 * Plays rows through `kyverno test`. Two things differ from the rendered policy, because the CLI can't do them: it dies of webhook
 * matchConditions (a nil pointer in its check of the server's version), and it mocks no Kubernetes look-ups by URL, so their results are
 * put in by name.
 */
export async function play(gate: KubeObject, rows: readonly Row[]): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kyverno-test-'));
  try {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = `${row.answer === undefined ? 'silent' : 'answered'} ${row.operation ?? ''} ${(row.left ?? []).join('|')}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    [...groups.values()].forEach((group, index) => writeTest(join(folder, String(index)), gate, group));
    const results = await run(folder);
    return rows.map((row) => ({ row, problem: problemOf(row, results) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeTest(folder: string, gate: KubeObject, rows: readonly Row[]): void {
  mkdirSync(folder);
  const { matchConditions: _, ...webhookConfiguration } = gate['spec'].webhookConfiguration as Record<string, unknown>;
  writeFileSync(join(folder, 'policy.yaml'), dump({ ...gate, spec: { ...(gate['spec'] as object), webhookConfiguration } }));
  writeFileSync(join(folder, 'resources.yaml'), rows.map(({ object }) => dump(object)).join('---\n'));
  const [first] = rows;
  const left = first?.left ?? ['', '', ''];
  const values = {
    ...(first?.operation === undefined ? {} : { globalValues: { 'request.operation': first.operation } }),
    policies: [
      {
        name: gatePolicy,
        rules: [
          { name: 'wait-for-earlier-life', values: Object.fromEntries(left.map((value, index) => [`left${index}`, value])) },
          // The CLI can't let a mocked call fail: the default goes in by name.
          ...(first?.answer === undefined ? [{ name: 'ask-pvc-plumber', values: { check: defaultAnswer(gate) } }] : []),
        ],
      },
    ],
  };
  const answered = rows.filter(({ answer }) => answer !== undefined);
  const test = {
    apiVersion: 'cli.kyverno.io/v1alpha1',
    kind: 'Test',
    metadata: { name: 'gate' },
    policies: ['policy.yaml'],
    resources: ['resources.yaml'],
    values,
    ...(answered.length === 0
      ? {}
      : {
          apiCallResponses: answered.map((row) => ({
            url: `${plumber.url}/exists/${refOf(row)}`,
            method: 'GET',
            response: { statusCode: 200, body: row.answer },
          })),
        }),
    results: rows.flatMap((row) =>
      Object.values(gateRules).map((rule) => ({ policy: gatePolicy, rule, kind: 'PersistentVolumeClaim', resources: [refOf(row)], result: 'pass' })),
    ),
  };
  writeFileSync(join(folder, 'kyverno-test.yaml'), dump(test));
}

function refOf({ object }: Row): string {
  return `${object.metadata.namespace}/${object.metadata.name}`;
}

function defaultAnswer(gate: KubeObject): unknown {
  const rules = gate['spec'].rules as { name: string; context?: { name: string; apiCall?: { default?: unknown } }[] }[];
  return rules.find(({ name }) => name === 'ask-pvc-plumber')?.context?.find(({ name }) => name === 'check')?.apiCall?.default ?? {};
}

interface Line {
  readonly RULE: string;
  readonly RESOURCE: string;
  readonly RESULT: string;
  readonly REASON: string;
}

function run(folder: string): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    execFile(tool('kyverno'), ['test', folder, '--detailed-results', '--output-format', 'json'], { maxBuffer: 1 << 26 }, (_, stdout, stderr) => {
      const lines = [...stdout.matchAll(/^\[\n[^]*?^\]/gm)].flatMap(([json]) => JSON.parse(json) as Line[]);
      if (lines.length === 0) reject(new Error(`kyverno test says nothing: ${stdout.slice(-400)} ${stderr.slice(0, 800)}`));
      else resolve(lines);
    });
  });
}

function problemOf(row: Row, lines: readonly Line[]): string | undefined {
  const problems = Object.entries(gateRules).flatMap(([reason, rule]) => {
    const mine = lines.filter((line) => line.RULE === rule && line.RESOURCE.endsWith(`/${refOf(row)}`) && line.REASON !== 'Excluded');
    const is = mine.length === 0 ? 'unmatched' : mine.every(({ RESULT }) => RESULT === 'Pass') ? 'pass' : 'fail';
    const wanted = row.refused === 'unmatched' ? 'unmatched' : row.refused.includes(reason as Refusal) ? 'fail' : 'pass';
    return is === wanted ? [] : [`${rule} is ${is}, not ${wanted}`];
  });
  return problems.length === 0 ? undefined : problems.join('; ');
}
