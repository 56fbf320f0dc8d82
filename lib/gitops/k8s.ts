/**
 * The kinds of Kubernetes itself, as cdk8s-plus-28 generated them for 1.28. Taken from their own module: the package's index loads its whole
 * higher layer, which nothing here uses, and would cost every synth some 20 ms.
 */
export * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
