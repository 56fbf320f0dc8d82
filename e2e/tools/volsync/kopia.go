// Package kopia lets VolSync's own state machine, volume handler and populator run a Kopia mover, as the fork that the tree
// pins does. The fork can't be built from a package registry, so only what it adds is played: the fields of the
// resources, and the Job with the environment that its mover gets. What the mover then does is played in e2e/harness/mover.ts.
package kopia

import (
	"context"
	"strconv"
	"strings"

	"github.com/go-logr/logr"
	snapv1 "github.com/kubernetes-csi/external-snapshotter/client/v8/apis/volumesnapshot/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	volsyncv1alpha1 "github.com/backube/volsync/api/v1alpha1"
	"github.com/backube/volsync/internal/controller/mover"
	"github.com/backube/volsync/internal/controller/utils"
	"github.com/backube/volsync/internal/controller/volumehandler"
)

const (
	name         = "kopia"
	image        = "kopia-mover"
	backoffLimit = 8
)

// Register adds the mover to VolSync's catalog.
func Register() error {
	mover.Register(builder{})
	return nil
}

type builder struct{}

func (builder) Name() string        { return name }
func (builder) VersionInfo() string { return "Kopia mover, played" }

func (builder) FromSource(c client.Client, log logr.Logger, recorder events.EventRecorder,
	rs *volsyncv1alpha1.ReplicationSource, privileged bool) (mover.Mover, error) {
	spec := rs.Spec.Kopia
	if spec == nil {
		return nil, nil
	}
	if rs.Status.LatestMoverStatus == nil {
		rs.Status.LatestMoverStatus = &volsyncv1alpha1.MoverStatus{}
	}
	volumes, err := volumehandler.NewVolumeHandler(volumehandler.WithClient(c), volumehandler.WithRecorder(recorder),
		volumehandler.WithOwner(rs), volumehandler.FromSource(&spec.ReplicationSourceVolumeOptions))
	if err != nil {
		return nil, err
	}
	env := []corev1.EnvVar{{Name: "DATA_DIR", Value: "/data"}}
	set := func(key, value string) { env = append(env, corev1.EnvVar{Name: key, Value: value}) }
	if spec.Compression != "" {
		set("KOPIA_COMPRESSION", spec.Compression)
	}
	if spec.Parallelism != nil {
		set("KOPIA_PARALLELISM", strconv.Itoa(int(*spec.Parallelism)))
	}
	if spec.Retain != nil {
		for _, kind := range []string{"hourly", "daily", "weekly", "monthly", "yearly", "latest"} {
			if number, ok := (*spec.Retain)[kind]; ok {
				set("KOPIA_RETAIN_"+strings.ToUpper(kind), strconv.Itoa(int(number)))
			}
		}
	}
	return &kopiaMover{
		client: c, log: log, owner: rs, volumes: volumes, common: spec.KopiaCommonSpec, env: env, paused: rs.Spec.Paused,
		status: rs.Status.LatestMoverStatus, source: rs.Spec.SourcePVC, action: "backup", dataDir: "/data",
		accounts: utils.NewSAHandler(c, rs, true, privileged, spec.MoverServiceAccount),
	}, nil
}

func (builder) FromDestination(c client.Client, log logr.Logger, recorder events.EventRecorder,
	rd *volsyncv1alpha1.ReplicationDestination, privileged bool) (mover.Mover, error) {
	spec := rd.Spec.Kopia
	if spec == nil {
		return nil, nil
	}
	if rd.Status.LatestMoverStatus == nil {
		rd.Status.LatestMoverStatus = &volsyncv1alpha1.MoverStatus{}
	}
	volumes, err := volumehandler.NewVolumeHandler(volumehandler.WithClient(c), volumehandler.WithRecorder(recorder),
		volumehandler.WithOwner(rd), volumehandler.FromDestination(&spec.ReplicationDestinationVolumeOptions))
	if err != nil {
		return nil, err
	}
	env := []corev1.EnvVar{{Name: "DATA_DIR", Value: "/restore/data"}, {Name: "KOPIA_DISCOVER_SNAPSHOTS", Value: "true"}}
	if spec.EnableFileDeletion {
		env = append(env, corev1.EnvVar{Name: "KOPIA_ENABLE_FILE_DELETION", Value: "true"})
	}
	return &kopiaMover{
		client: c, log: log, owner: rd, volumes: volumes, common: spec.KopiaCommonSpec, env: env, paused: rd.Spec.Paused,
		status: rd.Status.LatestMoverStatus, cleanupTemp: spec.CleanupTempPVC, action: "restore", dataDir: "/restore/data",
		accounts: utils.NewSAHandler(c, rd, false, privileged, spec.MoverServiceAccount),
	}, nil
}

type kopiaMover struct {
	client      client.Client
	log         logr.Logger
	owner       client.Object
	volumes     *volumehandler.VolumeHandler
	accounts    utils.SAHandler
	common      volsyncv1alpha1.KopiaCommonSpec
	env         []corev1.EnvVar
	status      *volsyncv1alpha1.MoverStatus
	paused      bool
	source      string
	cleanupTemp bool
	action      string
	dataDir     string
}

func (m *kopiaMover) Name() string { return name }

func (m *kopiaMover) destination() string { return mover.VolSyncPrefix + m.owner.GetName() + "-dest" }

func (m *kopiaMover) Synchronize(ctx context.Context) (mover.Result, error) {
	data, err := m.data(ctx)
	if data == nil || err != nil {
		return mover.InProgress(), err
	}
	account, err := m.accounts.Reconcile(ctx, m.log)
	if account == nil || err != nil {
		return mover.InProgress(), err
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: m.common.Repository, Namespace: m.owner.GetNamespace()}}
	if err := utils.GetAndValidateSecret(ctx, m.client, m.log, secret, "KOPIA_REPOSITORY", "KOPIA_PASSWORD"); err != nil {
		return mover.InProgress(), err
	}
	done, err := m.run(ctx, data, account)
	if !done || err != nil {
		return mover.InProgress(), err
	}
	if m.source != "" {
		return mover.Complete(), nil
	}
	snapshot, err := m.volumes.EnsureImage(ctx, m.log, data)
	if snapshot == nil || err != nil {
		return mover.InProgress(), err
	}
	return mover.CompleteWithImage(snapshot), nil
}

func (m *kopiaMover) Cleanup(ctx context.Context) (mover.Result, error) {
	if m.source == "" {
		if err := m.volumes.RemoveSnapshotAnnotationFromPVC(ctx, m.log, m.destination()); err != nil {
			return mover.InProgress(), err
		}
	}
	temporary := []client.Object{&corev1.PersistentVolumeClaim{}, &snapv1.VolumeSnapshot{}, &batchv1.Job{}}
	if err := utils.CleanupObjects(ctx, m.client, m.log, m.owner, temporary); err != nil {
		return mover.InProgress(), err
	}
	return mover.Complete(), nil
}

// data is the volume that the mover mounts: a copy of the PVC, or a new one to restore into.
func (m *kopiaMover) data(ctx context.Context) (*corev1.PersistentVolumeClaim, error) {
	if m.source == "" {
		return m.volumes.EnsureNewPVC(ctx, m.log, m.destination(), m.cleanupTemp)
	}
	pvc := &corev1.PersistentVolumeClaim{}
	if err := m.client.Get(ctx, client.ObjectKey{Namespace: m.owner.GetNamespace(), Name: m.source}, pvc); err != nil {
		return nil, err
	}
	return m.volumes.EnsurePVCFromSrc(ctx, m.log, pvc, mover.VolSyncPrefix+m.owner.GetName()+"-src", true)
}

// run makes the Job, and says whether it has ended well. A Job that failed too often is deleted and made again, for ever.
func (m *kopiaMover) run(ctx context.Context, data *corev1.PersistentVolumeClaim, account *corev1.ServiceAccount) (bool, error) {
	prefix := map[string]string{"backup": "volsync-src-", "restore": "volsync-dst-"}[m.action]
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: utils.GetJobName(prefix, m.owner), Namespace: m.owner.GetNamespace()}}
	_, err := utils.CreateOrUpdateDeleteOnImmutableErr(ctx, m.client, job, m.log, func() error {
		if err := ctrl.SetControllerReference(m.owner, job, m.client.Scheme()); err != nil {
			return err
		}
		utils.SetOwnedByVolSync(job)
		utils.MarkForCleanup(m.owner, job)
		job.Spec.BackoffLimit = ptr.To[int32](backoffLimit)
		job.Spec.Parallelism = ptr.To[int32](1)
		if m.paused {
			job.Spec.Parallelism = ptr.To[int32](0)
		}
		m.describe(&job.Spec.Template, data.Name, account.Name)
		return nil
	})
	switch {
	case err != nil:
		return false, err
	case job.Status.Failed >= backoffLimit:
		utils.UpdateMoverStatusForFailedJob(ctx, m.log, m.status, job.Name, job.Namespace, utils.AllLines)
		return false, m.client.Delete(ctx, job, client.PropagationPolicy(metav1.DeletePropagationBackground))
	case job.Status.Succeeded == 0:
		return false, nil
	}
	filter := utils.AllLines
	if m.source == "" {
		filter = kept
	}
	utils.UpdateMoverStatusForSuccessfulJob(ctx, m.log, m.status, job.Name, job.Namespace, filter)
	return true, nil
}

// kept are the lines of a restore's log that the fork's filter leaves in the status (internal/controller/mover/kopia/logfilter).
func kept(line string) *string {
	lower := strings.ToLower(line)
	for _, word := range []string{"error", "failed", "unable to"} {
		if strings.Contains(lower, word) {
			return &line
		}
	}
	for _, text := range []string{"=== Discovery Mode", "Available Snapshots", "No snapshots found", "No eligible snapshots",
		"Snapshot created successfully", "Snapshot restore completed", "Repository connected"} {
		if strings.Contains(line, text) {
			return &line
		}
	}
	return nil
}

func (m *kopiaMover) describe(template *corev1.PodTemplateSpec, claim, account string) {
	utils.SetOwnedByVolSync(template)
	container := corev1.Container{
		Name:    name,
		Image:   image,
		Command: []string{"/mover-kopia/entry.sh"},
		Args:    []string{m.action},
		Env:     append(append(m.secretEnv(), m.identity()...), m.env...),
		SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: ptr.To(false),
			Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
			ReadOnlyRootFilesystem:   ptr.To(true),
		},
		VolumeMounts: []corev1.VolumeMount{{Name: "data", MountPath: m.dataDir}, {Name: "cache", MountPath: "/cache"}},
	}
	template.Spec.RestartPolicy = corev1.RestartPolicyNever
	template.Spec.ServiceAccountName = account
	template.Spec.Containers = []corev1.Container{container}
	template.Spec.Volumes = []corev1.Volume{
		{Name: "data", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim}}},
		{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: m.common.CacheCapacity}}},
	}
	utils.UpdatePodTemplateSpecFromMoverConfig(template, m.common.MoverConfig, corev1.ResourceRequirements{})
}

func (m *kopiaMover) identity() []corev1.EnvVar {
	return []corev1.EnvVar{
		{Name: "KOPIA_CACHE_DIR", Value: "/cache"},
		{Name: "KOPIA_OVERRIDE_USERNAME", Value: m.common.Username},
		{Name: "KOPIA_OVERRIDE_HOSTNAME", Value: m.common.Hostname},
	}
}

// secretEnv names the keys that the fork hands to its mover one by one; any other key of the Secret never gets there.
func (m *kopiaMover) secretEnv() []corev1.EnvVar {
	env := []corev1.EnvVar{}
	for _, key := range []string{"KOPIA_PASSWORD", "KOPIA_REPOSITORY"} {
		env = append(env, utils.EnvFromSecret(m.common.Repository, key, false))
	}
	for _, key := range []string{"KOPIA_MANUAL_CONFIG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"AWS_DEFAULT_REGION", "AWS_REGION", "AWS_S3_ENDPOINT", "AWS_S3_DISABLE_TLS", "KOPIA_S3_BUCKET", "KOPIA_S3_ENDPOINT",
		"KOPIA_S3_DISABLE_TLS"} {
		env = append(env, utils.EnvFromSecret(m.common.Repository, key, true))
	}
	return env
}
