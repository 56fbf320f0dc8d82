/** Labels of an object of the platform. */
export function labels(name: string): Record<string, string> {
  return { ...selectorLabels(name), 'app.kubernetes.io/part-of': 'zero-touch-pvc', 'app.kubernetes.io/managed-by': 'cdk8s' };
}

/** The part of {@link labels} that selectors use. A Deployment's selector is immutable, so it never grows. */
export function selectorLabels(name: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name };
}
