import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { broughtController } from './brought';

const script = join(__dirname, '..', 'tools', 'build.sh');

const programs = [
  'kyverno',
  'kube-apiserver',
  'etcd',
  'kyverno-admission-controller',
  'kyverno-background-controller',
  'kyverno-cleanup-controller',
  'kube-controller-manager',
  'kopia',
  'versitygw',
  'external-secrets',
  'volsync',
  'kube-state-metrics',
  'argocd',
  'helm',
  'kustomize',
  'prometheus-operator',
  'alertmanager',
  'amtool',
] as const;
export type Program = (typeof programs)[number];

/** Builds what is missing, with its output on the terminal. */
export function buildTools(names: readonly Program[] = []): boolean {
  return spawnSync(script, names, { stdio: 'inherit' }).status === 0;
}

/** Path of a built program. */
export function tool(name: Program): string {
  if (name === 'volsync' && broughtController() !== undefined) return broughtController() as string;
  const path = join(folder(name), name);
  if (!existsSync(path)) throw new Error(`${name} is not built: run ${script}`);
  return path;
}

/** What Kyverno's chart would install, rendered by Kyverno's own release, CRDs included; `build.sh` keeps it beside the programs. */
export function kyvernoInstallation(): string {
  return join(folder('kyverno'), '..', 'install.yaml');
}

const folders = new Map<Program, string>();

function folder(name: Program): string {
  const known = folders.get(name) ?? execFileSync(script, ['--where', name], { encoding: 'utf8' }).trim();
  folders.set(name, known);
  return known;
}
