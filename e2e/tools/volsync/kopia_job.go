package kopia

import (
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/utils/ptr"

	volsyncv1alpha1 "github.com/backube/volsync/api/v1alpha1"
	"github.com/backube/volsync/internal/controller/utils"
)

// defaultCache is the size of the cache's emptyDir where the resource says none.
var defaultCache = resource.MustParse("8Gi")

func is(job *batchv1.Job, condition batchv1.JobConditionType) bool {
	for _, each := range job.Status.Conditions {
		if each.Type == condition && each.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

func (m *kopiaMover) describe(template *corev1.PodTemplateSpec, claim, account string) {
	utils.SetOwnedByVolSync(template)
	container := corev1.Container{
		Name:    name,
		Image:   image,
		Command: []string{"/mover-kopia/entry.sh"},
		Args:    []string{m.action},
		Env:     m.environment(),
		SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: ptr.To(false),
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			Privileged:               ptr.To(false),
			ReadOnlyRootFilesystem:   ptr.To(true),
		},
		VolumeMounts: []corev1.VolumeMount{{Name: "data", MountPath: m.dataDir}, {Name: "tempdir", MountPath: "/tmp"}},
	}
	cache := m.common.CacheCapacity
	if cache == nil {
		cache = ptr.To(defaultCache.DeepCopy())
	}
	volumes := []corev1.Volume{
		{Name: "data", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim}}},
		{Name: "tempdir", VolumeSource: corev1.VolumeSource{
			EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory}}},
	}
	if m.source == "" {
		// Kopia's temporary files of a restore lie beside the folder that it restores into.
		volumes = append(volumes, corev1.Volume{Name: "restore", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}})
		container.VolumeMounts = append(container.VolumeMounts, corev1.VolumeMount{Name: "restore", MountPath: "/restore"})
	}
	volumes = append(volumes, corev1.Volume{Name: "cache", VolumeSource: corev1.VolumeSource{
		EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: cache}}})
	container.VolumeMounts = append(container.VolumeMounts, corev1.VolumeMount{Name: "cache", MountPath: "/cache"})
	template.Spec.RestartPolicy = corev1.RestartPolicyNever
	template.Spec.ServiceAccountName = account
	template.Spec.Containers = []corev1.Container{container}
	template.Spec.Volumes = volumes
	utils.UpdatePodTemplateSpecFromMoverConfig(template, m.common.MoverConfig, corev1.ResourceRequirements{})
	// Last, because it decides over what the resource asks for.
	mover := &template.Spec.Containers[0]
	if m.privileged {
		mover.Env = append(mover.Env, corev1.EnvVar{Name: "PRIVILEGED_MOVER", Value: "1"})
		mover.SecurityContext.Capabilities.Add = []corev1.Capability{"DAC_OVERRIDE", "CHOWN", "FOWNER"}
		mover.SecurityContext.RunAsUser = ptr.To[int64](0)
	} else {
		mover.Env = append(mover.Env, corev1.EnvVar{Name: "PRIVILEGED_MOVER", Value: "0"})
	}
}

func (m *kopiaMover) environment() []corev1.EnvVar {
	env := []corev1.EnvVar{{Name: "DATA_DIR", Value: m.dataDir}, {Name: "KOPIA_CACHE_DIR", Value: "/cache"}}
	env = append(env, m.secretEnv()...)
	env = append(env, m.env...)
	env = append(env, m.cacheEnv()...)
	return append(env,
		corev1.EnvVar{Name: "KOPIA_OVERRIDE_USERNAME", Value: m.common.Username},
		corev1.EnvVar{Name: "KOPIA_OVERRIDE_HOSTNAME", Value: m.common.Hostname})
}

// secretEnv names the keys that the fork hands to its mover one by one; any other key of the Secret never gets there.
func (m *kopiaMover) secretEnv() []corev1.EnvVar {
	env := []corev1.EnvVar{}
	for _, key := range []string{"KOPIA_PASSWORD", "KOPIA_REPOSITORY"} {
		env = append(env, utils.EnvFromSecret(m.common.Repository, key, false))
	}
	for _, key := range []string{"KOPIA_MANUAL_CONFIG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_S3_ENDPOINT", "AWS_S3_DISABLE_TLS", "KOPIA_S3_BUCKET",
		"KOPIA_S3_ENDPOINT", "KOPIA_S3_DISABLE_TLS"} {
		env = append(env, utils.EnvFromSecret(m.common.Repository, key, true))
	}
	return env
}

// cacheEnv are the limits of Kopia's cache. A mover whose limits are those of the last one is told not to set them, although
// its cache is a new emptyDir.
func (m *kopiaMover) cacheEnv() []corev1.EnvVar {
	limits := m.cacheLimits()
	env := []corev1.EnvVar{}
	remembered := m.limits.Metadata != nil || m.limits.Content != nil
	if remembered && ptr.Equal(limits.Metadata, m.limits.Metadata) && ptr.Equal(limits.Content, m.limits.Content) {
		env = append(env, corev1.EnvVar{Name: "KOPIA_SKIP_CACHE_CONFIG", Value: "true"})
	}
	if limits.Metadata != nil && *limits.Metadata > 0 {
		env = append(env, corev1.EnvVar{Name: "KOPIA_METADATA_CACHE_SIZE_LIMIT_MB", Value: strconv.Itoa(int(*limits.Metadata))})
	}
	if limits.Content != nil && *limits.Content > 0 {
		env = append(env, corev1.EnvVar{Name: "KOPIA_CONTENT_CACHE_SIZE_LIMIT_MB", Value: strconv.Itoa(int(*limits.Content))})
	}
	capacity := defaultCache.Value()
	if m.common.CacheCapacity != nil {
		capacity = m.common.CacheCapacity.Value()
	}
	return append(env, corev1.EnvVar{Name: "KOPIA_CACHE_CAPACITY_BYTES", Value: strconv.FormatInt(capacity, 10)})
}

// cacheLimits are those that the resource asks for, or else 70 and 20 percent of the capacity; none without a capacity.
func (m *kopiaMover) cacheLimits() volsyncv1alpha1.KopiaCacheLimits {
	part := func(asked *int32, percent float64) *int32 {
		if asked != nil || m.common.CacheCapacity == nil {
			return asked
		}
		if limit := int32(float64(m.common.CacheCapacity.Value()/(1024*1024)) * percent / 100); limit > 0 {
			return &limit
		}
		return nil
	}
	return volsyncv1alpha1.KopiaCacheLimits{
		Metadata: part(m.common.MetadataCacheSizeLimitMB, 70),
		Content:  part(m.common.ContentCacheSizeLimitMB, 20),
	}
}
