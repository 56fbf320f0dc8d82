// Package kopia lets VolSync's own state machine, volume handler and populator run a Kopia mover, as the fork that the tree
// pins does. The fork can't be built from a package registry, so only what it adds is played: the fields of the
// resources, and the Job with the environment that its mover gets. What the mover then does is played in e2e/mover/entry.sh.
package kopia

import (
	"context"
	"errors"
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
	env := []corev1.EnvVar{}
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
		status: rs.Status.LatestMoverStatus, limits: &rs.Status.Kopia.KopiaCacheLimits, privileged: privileged,
		source: rs.Spec.SourcePVC, action: "backup", dataDir: "/data",
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
	env := []corev1.EnvVar{{Name: "KOPIA_DISCOVER_SNAPSHOTS", Value: "true"}}
	set := func(key, value string) { env = append(env, corev1.EnvVar{Name: key, Value: value}) }
	if spec.RestoreAsOf != nil {
		set("KOPIA_RESTORE_AS_OF", *spec.RestoreAsOf)
	}
	if spec.Shallow != nil {
		set("KOPIA_SHALLOW", strconv.Itoa(int(*spec.Shallow)))
	}
	if spec.Previous != nil {
		set("KOPIA_PREVIOUS", strconv.Itoa(int(*spec.Previous)))
	}
	if spec.EnableFileDeletion {
		set("KOPIA_ENABLE_FILE_DELETION", "true")
	}
	rd.Status.Kopia.RequestedIdentity = spec.Username + "@" + spec.Hostname
	return &kopiaMover{
		client: c, log: log, owner: rd, volumes: volumes, common: spec.KopiaCommonSpec, env: env, paused: rd.Spec.Paused,
		status: rd.Status.LatestMoverStatus, limits: &rd.Status.Kopia.KopiaCacheLimits, privileged: privileged,
		cleanupTemp: spec.CleanupTempPVC, action: "restore", dataDir: "/restore/data",
		accounts: utils.NewSAHandler(c, rd, false, privileged, spec.MoverServiceAccount),
	}, nil
}

type kopiaMover struct {
	client   client.Client
	log      logr.Logger
	owner    client.Object
	volumes  *volumehandler.VolumeHandler
	accounts utils.SAHandler
	common   volsyncv1alpha1.KopiaCommonSpec
	env      []corev1.EnvVar
	status   *volsyncv1alpha1.MoverStatus
	// limits are those of the last Job that ended well, as the owner's status remembers them.
	limits      *volsyncv1alpha1.KopiaCacheLimits
	privileged  bool
	paused      bool
	source      string
	cleanupTemp bool
	action      string
	dataDir     string
}

func (m *kopiaMover) Name() string { return name }

func (m *kopiaMover) destination() string { return mover.VolSyncPrefix + m.owner.GetName() + "-dest" }

func (m *kopiaMover) Synchronize(ctx context.Context) (mover.Result, error) {
	if m.paused {
		return mover.Complete(), nil
	}
	data, err := m.data(ctx)
	if data == nil && err == nil {
		err = errors.New("data PVC not available")
	}
	if err != nil {
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
	// Remembered before there is an image: the next reconcile changes the Job's environment.
	*m.limits = m.cacheLimits()
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

// run makes the Job, and says whether it has ended well. A Job that failed is deleted and made again, for ever, and so is one
// that is not as it would be made now, finished or not: its template can't be changed.
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
	filter := utils.AllLines
	if m.source == "" {
		filter = kept
	}
	switch {
	case is(job, batchv1.JobFailed):
		utils.UpdateMoverStatusForFailedJob(ctx, m.log, m.status, job.Name, job.Namespace, filter)
		return false, m.client.Delete(ctx, job, client.PropagationPolicy(metav1.DeletePropagationBackground))
	case err != nil:
		return false, err
	case !is(job, batchv1.JobComplete):
		return false, nil
	}
	utils.UpdateMoverStatusForSuccessfulJob(ctx, m.log, m.status, job.Name, job.Namespace, filter)
	return true, nil
}
