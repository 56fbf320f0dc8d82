import * as https from 'node:https';
import { selfSigned } from '../../pvc-plumber/testing/certificate';
import { sleep } from './waiting';
import type { Cluster } from './cluster';

const port = 9777;

interface Options {
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  /** Comes when the request may go on. @returns a JSON patch, or undefined for none */
  readonly answer: () => Promise<readonly object[] | undefined>;
}

/** Another team's webhook, asked at the creation of the PVCs of one namespace, after Kyverno's where the order counts. */
export class OtherWebhook {
  static async start(cluster: Cluster, namespace: string, { kind, answer }: Options): Promise<OtherWebhook> {
    const certificate = selfSigned();
    const server = https.createServer(certificate, (request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        const { request: review } = JSON.parse(text) as { request: { uid: string } };
        void answer().then((patch) => {
          const change = patch === undefined ? {} : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
          response.setHeader('content-type', 'application/json');
          const reply = { uid: review.uid, allowed: true, ...change };
          response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: reply }));
        });
      });
    });
    server.listen(port, '127.0.0.1');
    const webhook = {
      name: 'other.example.org',
      clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(certificate.cert).toString('base64') },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['persistentvolumeclaims'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
    };
    await cluster.applyAll([{ apiVersion, kind, metadata: { name }, webhooks: [webhook] }]);
    // The API server takes a new registration up after a while, and says nothing.
    await sleep(1500);
    return new OtherWebhook(cluster, kind, server);
  }

  private constructor(
    private readonly cluster: Cluster,
    private readonly kind: string,
    private readonly server: https.Server,
  ) {}

  async stop(): Promise<void> {
    await this.cluster.api.delete({ apiVersion, kind: this.kind, name });
    this.server.close();
  }
}

const apiVersion = 'admissionregistration.k8s.io/v1';
const name = 'zz-other-team';
