import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../examples/homelab/site';
import { buildTree, type SiteValues } from '../lib';
import { repository } from '../verify/tree';

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly {
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

const text = readFileSync(join(repository, 'docs', 'security.md'), 'utf8');
const objects = [
  ...buildTree(homelab as SiteValues)
    .render()
    .values(),
].flatMap((file) => file.objects) as unknown as Rendered[];
const of = (kind: string): Rendered[] => objects.filter((object) => object.kind === kind);

/** A right as a row of docs/security.md says it. */
function rights(): string[] {
  return of('ClusterRoleBinding').flatMap(({ roleRef, subjects = [] }) => {
    const role = of('ClusterRole').find(({ metadata }) => metadata.name === roleRef?.name);
    return subjects.flatMap(({ namespace, name }) =>
      (role?.rules ?? []).map(
        ({ resources, verbs, resourceNames }) =>
          `\`${namespace}/${name}\` | \`${role?.metadata.name}\` | ${resources.map((each) => `\`${each}\``).join(', ')} | ${[...verbs, ...(resourceNames ?? [])].join(', ')}`,
      ),
    );
  });
}

test('docs/security.md has every right that the tree gives, and no other', () => {
  const [, table] = text.split('| account | role | resources | verbs | for |\n');
  const rows = table!
    .split('\n\n')[0]!
    .split('\n')
    .slice(1)
    .map((row) =>
      row
        .split('|')
        .slice(1, 5)
        .map((cell) => cell.trim())
        .join(' | '),
    );
  expect(rights().length).toBeGreaterThan(10);
  expect(rows.toSorted()).toEqual(rights().toSorted());
});

test('every role is bound, to ServiceAccounts alone, and there is no Role beside them', () => {
  const bound = of('ClusterRoleBinding');
  expect(bound.map(({ roleRef }) => roleRef?.name).toSorted()).toEqual(
    of('ClusterRole')
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  );
  expect(bound.flatMap(({ subjects = [] }) => subjects).filter(({ kind }) => kind !== 'ServiceAccount')).toEqual([]);
  expect([...of('Role'), ...of('RoleBinding')]).toEqual([]);
});

test('accounts of the tree without a right are named as such', () => {
  const subjects = new Set(of('ClusterRoleBinding').flatMap(({ subjects: all = [] }) => all.map(({ namespace, name }) => `${namespace}/${name}`)));
  const without = of('ServiceAccount')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .filter((account) => !subjects.has(account));
  expect(without).not.toEqual([]);
  expect(without.filter((account) => !new RegExp(`The ServiceAccount \`${account}\` has no right`).test(text))).toEqual([]);
});
