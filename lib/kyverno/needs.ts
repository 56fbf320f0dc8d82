import type { ChartNeed } from '../gitops/chart-overrides';

const bound = 'its ServiceAccounts would have other names than those that the rights are bound to, and no policy could do its work';
const hidden = 'Kyverno would not be asked about labelled PVCs, and the API server would refuse them all';
const lost = 'Argo CD would delete its CRDs with every policy in them, or sync without end';

/** What a site must leave as it is in Kyverno's chart. */
export const needs: readonly ChartNeed[] = [
  ...['namespaceOverride', 'nameOverride', 'fullnameOverride'].map((path) => ({ path, breaks: bound })),
  ...['admissionController', 'backgroundController', 'cleanupController'].map((name) => ({
    path: `${name}.rbac.serviceAccount.name`,
    breaks: bound,
  })),
  { path: 'config.webhooks', breaks: hidden },
  { path: 'config.matchConditions', breaks: hidden },
  { path: 'config.excludeKyvernoNamespace', breaks: 'Kyverno would wait for itself when it starts' },
  {
    path: 'config.updateRequestThreshold',
    breaks: 'Kyverno would drop what it has to generate when many PVCs come back, and they would have no backup',
    accepts: (value) => typeof value === 'number' && value >= 10_000,
  },
  { path: 'config.preserve', breaks: lost },
  { path: 'crds.annotations', breaks: lost },
  { path: 'kyverno-api.annotations', breaks: lost },
  { path: 'webhooksCleanup.enabled', breaks: 'deleting the Application would scale Kyverno to zero and remove its webhooks' },
  { path: 'features.globalContext.apiCallTimeout', breaks: 'the API server would give up before the policy can say why a PVC is refused' },
  {
    path: 'features.forceFailurePolicyIgnore.enabled',
    breaks: 'a mover would start without its script, and the gate would not be asked, whenever Kyverno fails',
    accepts: (value) => value === false,
  },
  ...[
    ['backgroundController', 'nothing would be generated for a PVC, no backup among it'],
    ['cleanupController', 'what a restore leaves behind would stay for ever'],
  ].map(([name, breaks]) => ({ path: `${name}.enabled`, breaks: breaks!, accepts: (value: unknown) => value === true })),
  {
    path: 'admissionController.replicas',
    breaks: 'no labelled PVC could be created',
    accepts: (value) => typeof value === 'number' && value >= 1,
  },
];
