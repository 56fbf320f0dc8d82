import { maxPvcNameLength } from './naming';
import { InputError } from './problems';

/** Rules of Kubernetes for names and labels (apimachinery `validation.go`). */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Label = new RegExp(`^${label}$`);
const dns1123Subdomain = new RegExp(`^${label}(\\.${label})*$`);
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** A name that Kubernetes takes, and that stands in its place in every derived name. */
export class KubernetesName {
  /** Name of a namespace. @throws InputError that names the value and the fix */
  static ofNamespace(name: string): KubernetesName {
    if (!isDnsLabel(name)) throw new InputError(`${shown(name)} is not a name for a namespace: use 1 to 63 lower-case letters, digits and dashes`);
    return new KubernetesName(name);
  }

  /** Name of a PersistentVolumeClaim that can be restored. @throws InputError that names the value and the fix */
  static ofPvc(name: string): KubernetesName {
    if (!isDnsSubdomain(name) || name.length > maxPvcNameLength)
      throw new InputError(
        `${shown(name)} is not a name for a PVC that can be restored: use 1 to ${maxPvcNameLength} lower-case letters, digits, dashes and dots`,
      );
    return new KubernetesName(name);
  }

  private constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

function shown(name: unknown): string {
  return JSON.stringify(name) ?? String(name);
}

/** A namespace or Service name: RFC 1123 label, at most 63 characters. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && dns1123Label.test(text);
}

/** A PVC, Secret or most other names: RFC 1123 subdomain, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && dns1123Subdomain.test(text);
}

/** A label value: at most 63 characters; the empty one is legal for Kubernetes. */
export function isLabelValue(text: string): boolean {
  return text.length <= 63 && labelValue.test(text);
}

/** Says what is wrong with the key of a label, or undefined: a name of at most 63 characters, with or without a domain in front. */
export function labelKeyProblem(text: string): string | undefined {
  const [, domain, name = ''] = /^(?:([^/]*)\/)?([^/]*)$/.exec(text) ?? [];
  return (domain === undefined || isDnsSubdomain(domain)) && name !== '' && isLabelValue(name)
    ? undefined
    : `${JSON.stringify(text)} is not the key of a label: write one like example.com/backups`;
}
