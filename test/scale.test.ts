import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../examples/homelab/site';
import { type Data, repository, Tree } from '../verify/tree';

const tree = Tree.of(homelab);
const kyverno: Data = tree.one('Application', 'kyverno').spec.sources[0].helm.valuesObject;

/** Memory limits of the tree by program, as Kubernetes writes them. */
const limits: Readonly<Record<string, string>> = {
  'kyverno-admission-controller': kyverno.admissionController.container.resources.limits.memory,
  'kyverno-background-controller': kyverno.backgroundController.resources.limits.memory,
  'pvc-plumber': tree.one('Deployment', 'pvc-plumber').spec.template.spec.containers[0].resources.limits.memory,
};

/** Peaks of the recoveries in docs/scale.md, in MiB, by program. */
const peaks = new Map(
  [...readFileSync(join(repository, 'docs', 'scale.md'), 'utf8').matchAll(/^\| ([\w-]+), peak, MiB \|(.*)\|$/gm)].map(([, program, cells]) => [
    program!,
    cells!.split('|').map((cell) => Number(cell.replaceAll(',', ''))),
  ]),
);

test.each(Object.entries(limits))('%s: no recovery that was measured took more than half of its memory limit %s', (program, limit) => {
  const measured = peaks.get(program) ?? [];
  const mebibytes = /^(\d+)Mi$/.exec(limit)?.[1];
  expect(measured.length).toBeGreaterThanOrEqual(7);
  expect(Math.max(...measured)).toBeLessThanOrEqual(Number(mebibytes) / 2);
});
