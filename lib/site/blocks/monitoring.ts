import * as v from 'valibot';
import { webUrlProblem } from '../../model/git';
import { namespace } from '../../model/naming';
import { dnsLabel, quantity } from '../checks';
import { block, switched, text } from '../schema-parts';
import { alerts } from './alerts';
import { receiver } from './receiver';

export const monitoring = v.optional(
  block({
    /** Install kube-prometheus-stack. Off where the cluster has one; docs/monitoring.md says which of its settings the alerts need. */
    prometheusStack: switched(true),
    /**
     * Size of the volume of Prometheus, in `storage.storageClass`, with Ki, Mi, Gi or Ti.
     * @default - none: metrics, and how long an alert holds, are gone with its Pod
     */
    prometheusVolume: v.optional(quantity),
    /**
     * Scrape kube-scheduler, kube-controller-manager, kube-proxy and etcd, with the chart's alerts about them. Where these do not listen (k3s, Talos, managed
     * clusters, kubeadm without further settings), critical alerts would stand for ever.
     */
    controlPlane: switched(false),
    /** Namespace of the Prometheus that may scrape pvc-plumber; another than the default only with a Prometheus of the cluster's own. */
    prometheusNamespace: v.optional(dnsLabel, namespace.monitoring),
    /** URL in front of `<alert>.md` in the alerts' `runbook_url`. @default - the folder docs/runbooks of the Git repository */
    runbookBase: v.optional(text(webUrlProblem)),
    /** Which alerts there are, and what stands on all of them. */
    alerts,
    /**
     * Who is told: one of these. It gets every alert of the system, and of your own (`platform.alerts`), and no others. What must not be in Git is named only.
     * @default - nobody: the alerts show in Prometheus alone
     */
    receiver,
  }),
  {},
);
