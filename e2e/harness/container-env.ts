import type { Api } from './api';

export interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean } };
}

export interface EnvOfContainer {
  readonly env?: readonly Env[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string; readonly optional?: boolean } }[];
}

/** What the container's runtime sets by itself. */
const ofRuntime = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/' } as const;

/** The environment of a container, as the kubelet makes it; undefined while a Secret or a key that is not optional is missing. */
export async function environmentOf(
  api: Api,
  pod: { readonly namespace: string; readonly name: string },
  { env = [], envFrom = [] }: EnvOfContainer,
): Promise<Record<string, string> | undefined> {
  const all: Record<string, string> = { ...ofRuntime, HOSTNAME: pod.name };
  const found = new Map<string, Record<string, string> | undefined>();
  const secret = async (name: string): Promise<Record<string, string> | undefined> => {
    if (!found.has(name)) found.set(name, (await api.find({ apiVersion: 'v1', kind: 'Secret', namespace: pod.namespace, name }))?.['data']);
    return found.get(name);
  };
  for (const { secretRef } of envFrom) {
    const data = await secret(secretRef.name);
    if (data === undefined && secretRef.optional !== true) return undefined;
    for (const [key, value] of Object.entries(data ?? {})) all[key] = decoded(value);
  }
  for (const { name, value, valueFrom } of env) {
    const ref = valueFrom?.secretKeyRef;
    if (ref === undefined) {
      all[name] = expanded(value ?? '', all);
      continue;
    }
    const encoded = (await secret(ref.name))?.[ref.key];
    if (encoded !== undefined) all[name] = decoded(encoded);
    else if (ref.optional !== true) return undefined;
  }
  return all;
}

/**
 * What the kubelet makes of a command, an argument or a value: `$(NAME)` becomes the variable where there is one of that name and stays where there is
 * none, and `$$` becomes `$`.
 */
export function expanded(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) => (name === undefined ? '$' : (env[name] ?? whole)));
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
