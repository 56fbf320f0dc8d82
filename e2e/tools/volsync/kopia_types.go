package v1alpha1

import "k8s.io/apimachinery/pkg/api/resource"

// KopiaCommonSpec are the fields that the fork's source and destination share, as far as the tree uses them.
type KopiaCommonSpec struct {
	MoverConfig   `json:",inline"`
	Repository    string             `json:"repository,omitempty"`
	Username      string             `json:"username,omitempty"`
	Hostname      string             `json:"hostname,omitempty"`
	CacheCapacity *resource.Quantity `json:"cacheCapacity,omitempty"`
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
	EnableFileDeletion                  bool `json:"enableFileDeletion,omitempty"`
}
