package v1alpha1

import "k8s.io/apimachinery/pkg/api/resource"

// KopiaCommonSpec are the fields that the fork's source and destination share, as far as the tree uses them.
type KopiaCommonSpec struct {
	MoverConfig              `json:",inline"`
	Repository               string             `json:"repository,omitempty"`
	Username                 string             `json:"username,omitempty"`
	Hostname                 string             `json:"hostname,omitempty"`
	CacheCapacity            *resource.Quantity `json:"cacheCapacity,omitempty"`
	MetadataCacheSizeLimitMB *int32             `json:"metadataCacheSizeLimitMB,omitempty"`
	ContentCacheSizeLimitMB  *int32             `json:"contentCacheSizeLimitMB,omitempty"`
}

// KopiaSourceSpec is spec.kopia of a ReplicationSource.
type KopiaSourceSpec struct {
	ReplicationSourceVolumeOptions `json:",inline"`
	KopiaCommonSpec                `json:",inline"`
	Compression                    string            `json:"compression,omitempty"`
	Parallelism                    *int32            `json:"parallelism,omitempty"`
	Retain                         *map[string]int32 `json:"retain,omitempty"`
}

// KopiaDestinationSpec is spec.kopia of a ReplicationDestination.
type KopiaDestinationSpec struct {
	ReplicationDestinationVolumeOptions `json:",inline"`
	KopiaCommonSpec                     `json:",inline"`
	EnableFileDeletion                  bool    `json:"enableFileDeletion,omitempty"`
	RestoreAsOf                         *string `json:"restoreAsOf,omitempty"`
	Shallow                             *int32  `json:"shallow,omitempty"`
	Previous                            *int32  `json:"previous,omitempty"`
}

// KopiaCacheLimits are the limits that the mover set which ended well last.
type KopiaCacheLimits struct {
	Metadata *int32 `json:"lastConfiguredMetadataCacheSizeLimitMB,omitempty"`
	Content  *int32 `json:"lastConfiguredContentCacheSizeLimitMB,omitempty"`
}

// KopiaSourceStatus is status.kopia of a ReplicationSource. Not a pointer in the status: a copy of the status is then a copy of it.
type KopiaSourceStatus struct {
	KopiaCacheLimits `json:",inline"`
}

// KopiaDestinationStatus is status.kopia of a ReplicationDestination.
type KopiaDestinationStatus struct {
	KopiaCacheLimits  `json:",inline"`
	RequestedIdentity string `json:"requestedIdentity,omitempty"`
}
