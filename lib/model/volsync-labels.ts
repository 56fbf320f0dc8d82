/** Label that VolSync puts on what belongs to one run of a mover; its value is the owner's UID (internal/controller/utils/cleanup.go). */
export const volsyncCleanupLabel = 'volsync.backube/cleanup';

/** Label of what VolSync makes for itself: copies, temporary volumes, Jobs (internal/controller/utils/cleanup.go). */
export const madeByVolsync = { key: 'app.kubernetes.io/created-by', value: 'volsync' } as const;

/** Label on the claim that VolSync's populator fills, which then hands its volume to the PVC (internal/controller/volumepopulator_controller.go). */
export const populatorLabel = 'volsync.backube/populator-pvc-for';
