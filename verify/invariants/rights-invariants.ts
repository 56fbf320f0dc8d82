import { type Invariant, problemsOf, same } from '../invariant';
import type { Data, Tree } from '../tree';

interface Lookup {
  readonly group: string;
  readonly resource: string;
  readonly verb: 'get' | 'list';
}

/** The look-ups of the policies in the API server: of one object by its name, or of a list. */
function lookups(tree: Tree): Lookup[] {
  const paths = tree.platform
    .ofKind('ClusterPolicy')
    .flatMap(({ spec }) => spec.rules)
    .flatMap(({ context = [] }: Data) => context.flatMap(({ apiCall }: Data) => apiCall?.urlPath ?? []));
  return [...new Set<string>(paths)].map((path) => {
    const [, group = '', rest = ''] = /^\/(?:api|apis\/([^/]+))\/v\w+\/namespaces\/[^/]+\/([^?]+)/.exec(path) ?? [];
    const [resource = '', name] = rest.split('/');
    return { group, resource, verb: name === undefined ? 'list' : 'get' };
  });
}

const controllers = ['admission', 'background', 'cleanup'] as const;

export const rightsInvariants: readonly Invariant[] = [
  {
    name: 'Kyverno may look up what its policies look up',
    check: (tree) => {
      const { rules } = tree.one('ClusterRole', 'kyverno:admission-controller:volsync');
      return problemsOf(
        lookups(tree),
        ({ group, resource, verb }) =>
          !rules.some((rule: Data) => rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb)),
        ({ group, resource, verb }) => `no right to ${verb} ${group}/${resource}`,
      );
    },
    mutate: (tree) => tree.one('ClusterRole', 'kyverno:admission-controller:volsync').rules.pop(),
  },
  {
    name: 'the rights of each of Kyverno’s controllers are its own',
    check: (tree) =>
      controllers.flatMap((controller) => {
        const { roleRef, subjects } = tree.one('ClusterRoleBinding', `kyverno:${controller}-controller:volsync`);
        return [
          ...same(roleRef.name, `kyverno:${controller}-controller:volsync`, 'the role'),
          ...same(subjects, [{ kind: 'ServiceAccount', name: `kyverno-${controller}-controller`, namespace: 'kyverno' }], 'who gets it'),
        ];
      }),
    mutate: (tree) => tree.one('ClusterRoleBinding', 'kyverno:cleanup-controller:volsync').subjects.pop(),
  },
];
