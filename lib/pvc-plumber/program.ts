import { createHash } from 'node:crypto';
import * as k8s from '../gitops/k8s';
import { labels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { plumber } from '../model/naming';

/** What the Pods run: the bundle on the stock Node image, or an image with the service in it. */
export type PlumberProgram = { readonly bundle: string; readonly nodeImage: string } | { readonly image: string };

const bundleFile = 'pvc-plumber.js';
const directory = '/app';

/** The bundle in a ConfigMap that is named after its content, so that a change rolls the Pods. */
export function bundleConfig(file: Manifest, bundle: string): void {
  new k8s.KubeConfigMap(file, 'bundle', {
    metadata: { name: bundleName(bundle), namespace: plumber.namespace, labels: labels(plumber.name) },
    immutable: true,
    data: { [bundleFile]: bundle },
  });
}

function bundleName(bundle: string): string {
  return `${plumber.name}-${createHash('sha256').update(bundle).digest('hex').slice(0, 10)}`;
}

/** Image and command of a container that runs the program. @param words its arguments */
export function programContainer(program: PlumberProgram, ...words: readonly string[]): Partial<Pick<k8s.Container, 'image' | 'command' | 'args'>> {
  if ('image' in program) return { image: program.image, args: words.length === 0 ? undefined : [...words] };
  return { image: program.nodeImage, command: ['node', ...plumber.nodeFlags, `${directory}/${bundleFile}`, ...words] };
}

/** Where the container finds the bundle; nothing for an image with the service in it. */
export function programMounts(program: PlumberProgram): k8s.VolumeMount[] {
  return 'bundle' in program ? [{ name: 'program', mountPath: directory, readOnly: true }] : [];
}

export function programVolumes(program: PlumberProgram): k8s.Volume[] {
  return 'bundle' in program ? [{ name: 'program', configMap: { name: bundleName(program.bundle) } }] : [];
}
