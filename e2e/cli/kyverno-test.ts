import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { annotation, explainQuery, plumber } from '../../lib/model/naming';
import { gatePolicy } from '../../lib/model/policy-names';
import type { KubeObject } from '../harness/api';
import { tool } from '../harness/tools';
import type { Row } from '../../test/decision/row';

/** What the gate can write. */
const decisions = ['fresh', 'restore', 'skipped', 'exists', 'unknown', 'wait', 'foreign', 'conflict'] as const;

/** A rule of the test's own, which passes where the gate wrote this decision: the gate itself only writes. */
function decisionRule(gate: KubeObject, decision: string): object {
  const rules = gate['spec'].rules as { match: { any: object[] }; exclude: object }[];
  // With a label of a tier, and with another.
  const match = { any: [...new Map(rules.flatMap((rule) => rule.match.any).map((each) => [JSON.stringify(each), each])).values()] };
  const exclude = rules[0]?.exclude;
  const key = `{{ request.object.metadata.annotations."${annotation.decision}" || 'none' }}`;
  return {
    name: ruleOf(decision),
    match,
    exclude,
    validate: { failureAction: 'Enforce', message: decision, deny: { conditions: { all: [{ key, operator: 'NotEquals', value: decision }] } } },
  };
}

const ruleOf = (decision: string): string => `decides-${decision}`;

/** What is wrong with a row, or undefined. */
export interface Outcome {
  readonly row: Row;
  readonly problem: string | undefined;
}

/**
 * Plays rows through `kyverno test`. The CLI mocks no Kubernetes look-ups by URL, so their results are put in by name. It knows no match conditions of
 * Kyverno's ConfigMap, so a row that the API server keeps from Kyverno by them is left out.
 */
export async function play(gate: KubeObject, rows: readonly Row[]): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kyverno-test-'));
  try {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = `${row.answer === undefined ? 'silent' : 'answered'} ${row.operation ?? ''} ${(row.left ?? []).join('|')} ${row.exists === true}`;
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
  const rules = [...(gate['spec'].rules as object[]), ...decisions.map((decision) => decisionRule(gate, decision))];
  writeFileSync(join(folder, 'policy.yaml'), dump({ ...gate, spec: { ...(gate['spec'] as object), rules } }));
  writeFileSync(join(folder, 'resources.yaml'), rows.map(({ object }) => dump(object)).join('---\n'));
  const [first] = rows;
  const left = first?.left ?? ['', '', ''];
  const existing = first?.exists === true ? 1 : 0;
  const values = {
    ...(first?.operation === undefined ? {} : { globalValues: { 'request.operation': first.operation } }),
    policies: [
      {
        name: gatePolicy,
        rules: [
          { name: 'wait-for-earlier-pvc', values: { ...Object.fromEntries(left.map((value, index) => [`left${index}`, value])), existing } },
          { name: 'admit-existing', values: { existing } },
          // The CLI can't let a mocked call fail: the default goes in by name.
          ...(first?.answer === undefined
            ? ['ask-pvc-plumber', 'ask-about-other-label'].map((name) => ({ name, values: { check: defaultAnswer(gate) } }))
            : []),
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
            url: `${plumber.url}/exists/${refOf(row)}?${explainQuery}`,
            method: 'GET',
            response: { statusCode: 200, body: row.answer },
          })),
        }),
    results: rows.flatMap((row) =>
      decisions.map((decision) => ({
        policy: gatePolicy,
        rule: ruleOf(decision),
        kind: 'PersistentVolumeClaim',
        resources: [refOf(row)],
        result: 'pass',
      })),
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
  const written = decisions.filter((decision) => {
    const mine = lines.filter((line) => line.RULE === ruleOf(decision) && line.RESOURCE.endsWith(`/${refOf(row)}`) && line.REASON !== 'Excluded');
    return mine.length > 0 && mine.every(({ RESULT }) => RESULT === 'Pass');
  });
  const wanted = row.decision === undefined ? [] : [row.decision];
  return String(written) === String(wanted) ? undefined : `the gate writes ${written.join(', ') || 'nothing'}, not ${wanted.join(', ') || 'nothing'}`;
}
