import type { PvcRef } from '../lib/model/naming';
import { waitABit } from './agreement';
import type { Config } from './config';
import { findEvidence, type EvidenceSources } from './evidence';
import { S3Client, type ClientOptions } from './s3/client';
import { S3Failure, type StoreAddress } from './s3/failure';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';
import { StoreProof } from './store-proof';

interface OpenStore {
  readonly store: StoreAddress;
  readonly sources: EvidenceSources;
  readonly transport: Transport;
}

/** They are asked twice; what they say is never remembered. */
const always = { repeats: () => 1, wait: waitABit, contradicted: () => undefined };

/** Requests to one of them at the same time: they are asked only before a PVC is called fresh. */
const requests = 16;

/**
 * The stores that the site used before (`S3_PREVIOUS`). After the site has moved, the backup of a PVC may still lie in one of them, and the new store looks as if
 * there never was one.
 */
export class PreviousStores {
  private readonly stores: readonly OpenStore[];

  /** @param shared what all stores of the service have in common */
  constructor({ previous, storeCheckMs }: Config, shared: Pick<ClientOptions, 'region' | 'credentials' | 'observe'>, budgetMs: number) {
    this.stores = previous.map((store) => {
      const transport = new Transport(store, requests, () => undefined);
      const reader = new S3Client({ ...shared, store, transport, limit: new RequestLimit(requests) });
      const proof = new StoreProof({ reader, store, storeId: undefined, maxAgeMs: storeCheckMs, budgetMs });
      return { store, sources: { store: reader, anew: reader.anew(), proof, agreement: always }, transport };
    });
  }

  /**
   * Resolves when it is proven that none of them has a backup of a PVC.
   *
   * @throws S3Failure where one has, or can't be asked; it says what to do
   */
  async haveNone(pvc: PvcRef, signal: AbortSignal): Promise<void> {
    await Promise.all(this.stores.map((each) => this.hasNone(pvc, each, signal)));
  }

  close(): void {
    for (const { transport } of this.stores) transport.close();
  }

  private async hasNone(pvc: PvcRef, { store, sources }: OpenStore, signal: AbortSignal): Promise<void> {
    const name = `${store.endpoint}, bucket ${store.bucket}`;
    const finding = await findEvidence(pvc, sources, signal).catch((error: unknown) => {
      if (!(error instanceof S3Failure)) throw error;
      throw new S3Failure(
        error.kind,
        `the store that the site used before (${name}) can't be asked: ${error.message}. Bring it back, or take it out of s3.previous in main.ts when nothing is needed from it`,
      );
    });
    if (finding.decision === 'restore') {
      throw new S3Failure(
        'odd',
        `its backup is still in the store that the site used before (${name}): copy the objects below ${pvc.namespace}/${pvc.name}/ to the new store, or take the old one out of s3.previous in main.ts to begin anew`,
      );
    }
  }
}
