package io.jenkins.plugins.gitops.agent.health;

import static io.jenkins.plugins.gitops.core.model.Health.DEGRADED;
import static io.jenkins.plugins.gitops.core.model.Health.HEALTHY;
import static io.jenkins.plugins.gitops.core.model.Health.PROGRESSING;
import static io.jenkins.plugins.gitops.core.model.Health.SUSPENDED;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import org.junit.Test;

public class WorkloadHealthTest {
    private static final String BEGUN = "metadata: {generation: 2}, ";

    @Test
    public void deployment() {
        deployment(
                "replicas: 2",
                "observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2",
                HEALTHY,
                null);
        deployment("", "observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1", HEALTHY, null);
        deployment("replicas: 0", "observedGeneration: 2", HEALTHY, null);
        deployment("replicas: 2", "", PROGRESSING, "the rollout has not started");
        deployment("replicas: 2", "observedGeneration: 1", PROGRESSING, "the rollout has not started");
        deployment(
                "replicas: 2",
                "observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 2",
                PROGRESSING,
                "1 of 2 updated");
        deployment("", "observedGeneration: 2", PROGRESSING, "0 of 1 updated");
        deployment(
                "replicas: 2",
                "observedGeneration: 2, replicas: 5, updatedReplicas: 2, availableReplicas: 5",
                PROGRESSING,
                "3 old replicas still exist");
        deployment(
                "replicas: 2",
                "observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 1",
                PROGRESSING,
                "1 of 2 available");
    }

    @Test
    public void pausedDeploymentIsAlwaysSuspended() {
        deployment("paused: true", "", SUSPENDED, "the rollout is paused");
        deployment(
                "paused: true",
                "observedGeneration: 2, conditions: [{type: Progressing, reason: ProgressDeadlineExceeded}]",
                SUSPENDED,
                "the rollout is paused");
        deployment("paused: false, replicas: 0", "observedGeneration: 2", HEALTHY, null);
    }

    @Test
    public void deploymentPastItsDeadlineIsDegradedOnceTheNewestSpecWasObserved() {
        String late = "conditions: [{type: Available, status: 'False'},"
                + " {type: Progressing, status: 'False', reason: ProgressDeadlineExceeded}]";
        deployment("replicas: 2", "observedGeneration: 2, " + late, DEGRADED, "ProgressDeadlineExceeded");
        deployment("replicas: 2", "observedGeneration: 1, " + late, PROGRESSING, "the rollout has not started");
    }

    @Test
    public void statefulSet() {
        statefulSet("replicas: 2", "", PROGRESSING, "the rollout has not started");
        statefulSet("replicas: 2", "observedGeneration: 1", PROGRESSING, "the rollout has not started");
        LiveResources.isAssessed(
                LiveResources.of("apps/v1", "StatefulSet", ""), PROGRESSING, "the rollout has not started");
        statefulSet("replicas: 2", "observedGeneration: 2, readyReplicas: 1", PROGRESSING, "1 of 2 ready");
        statefulSet("", "observedGeneration: 2", PROGRESSING, "0 of 1 ready");
        statefulSet(
                "replicas: 2, updateStrategy: {type: OnDelete}",
                "observedGeneration: 2, readyReplicas: 1",
                PROGRESSING,
                "1 of 2 ready");
        statefulSet(
                "replicas: 2, updateStrategy: {type: OnDelete}",
                "observedGeneration: 2, readyReplicas: 2, currentRevision: a, updateRevision: b",
                HEALTHY,
                null);
    }

    @Test
    public void statefulSetIsHealthyUpToItsPartition() {
        String whole = "replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}";
        String part = "replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}";
        String ready = "observedGeneration: 2, readyReplicas: 3, currentRevision: a, updateRevision: b";
        statefulSet(whole, ready, PROGRESSING, "0 of 3 updated");
        statefulSet(whole, ready + ", updatedReplicas: 2", PROGRESSING, "2 of 3 updated");
        statefulSet(whole, ready + ", updatedReplicas: 3", HEALTHY, null);
        statefulSet(part, ready + ", updatedReplicas: 1", PROGRESSING, "1 of 2 updated");
        statefulSet(part, ready + ", updatedReplicas: 2", HEALTHY, null);
    }

    @Test
    public void statefulSetWithoutRollingUpdateComparesRevisions() {
        String ready = "observedGeneration: 2, readyReplicas: 1";
        statefulSet("", ready + ", currentRevision: a, updateRevision: b", PROGRESSING, "updating to b");
        statefulSet("", ready + ", currentRevision: b, updateRevision: b", HEALTHY, null);
        statefulSet("", ready, HEALTHY, null);
    }

    @Test
    public void daemonSet() {
        daemonSet("", "", PROGRESSING, "the rollout has not started");
        daemonSet("", "observedGeneration: 1", PROGRESSING, "the rollout has not started");
        daemonSet(
                "updateStrategy: {type: OnDelete}",
                "observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 1",
                HEALTHY,
                null);
        daemonSet(
                "",
                "observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 3",
                PROGRESSING,
                "2 of 3 updated");
        daemonSet(
                "",
                "observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 1",
                PROGRESSING,
                "1 of 3 available");
        daemonSet(
                "",
                "observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3",
                HEALTHY,
                null);
        daemonSet("", "observedGeneration: 2, desiredNumberScheduled: 0", HEALTHY, null);
    }

    @Test
    public void replicaSet() {
        replicaSet("replicas: 2", "observedGeneration: 1", PROGRESSING, "not observed yet");
        replicaSet(
                "replicas: 2",
                "observedGeneration: 2,"
                        + " conditions: [{type: ReplicaFailure, status: 'True', message: exceeded quota}]",
                DEGRADED,
                "exceeded quota");
        replicaSet(
                "replicas: 2",
                "observedGeneration: 2, availableReplicas: 2, conditions: [{type: ReplicaFailure, status: 'False'}]",
                HEALTHY,
                null);
        replicaSet("replicas: 2", "observedGeneration: 2, availableReplicas: 1", PROGRESSING, "1 of 2 available");
        replicaSet("", "observedGeneration: 2", PROGRESSING, "0 of 1 available");
        replicaSet("replicas: 0", "observedGeneration: 2", HEALTHY, null);
    }

    @Test
    public void job() {
        job("", PROGRESSING, "the job is running");
        job("{type: Complete, status: 'True'}", HEALTHY, null);
        job("{type: Complete, status: 'False'}", PROGRESSING, "the job is running");
        job("{type: Suspended, status: 'True'}", SUSPENDED, "the job is suspended");
        job(
                "{type: Failed, status: 'True', reason: BackoffLimitExceeded, message: it failed too often}",
                DEGRADED,
                "it failed too often");
        job("{type: Failed, status: 'True'}", DEGRADED, null);
        job("{type: FailureTarget, status: 'True'}", PROGRESSING, "the job is running");
        job(
                "{type: Suspended, status: 'True'}, {type: Failed, status: 'True', message: deadline}",
                DEGRADED,
                "deadline");
    }

    @Test
    public void resumedJobIsProgressingUntilComplete() {
        job("{type: Suspended, status: 'False'}", PROGRESSING, "the job is running");
        job("{type: Suspended, status: 'False'}, {type: Complete, status: 'True'}", HEALTHY, null);
    }

    private static void deployment(
            String spec, String status, @CheckForNull Health health, @CheckForNull String message) {
        check("Deployment", spec, status, health, message);
    }

    private static void statefulSet(
            String spec, String status, @CheckForNull Health health, @CheckForNull String message) {
        check("StatefulSet", spec, status, health, message);
    }

    private static void daemonSet(
            String spec, String status, @CheckForNull Health health, @CheckForNull String message) {
        check("DaemonSet", spec, status, health, message);
    }

    private static void replicaSet(
            String spec, String status, @CheckForNull Health health, @CheckForNull String message) {
        check("ReplicaSet", spec, status, health, message);
    }

    private static void check(
            String kind, String spec, String status, @CheckForNull Health health, @CheckForNull String message) {
        String fields = BEGUN + "spec: {" + spec + "}, status: {" + status + "}";
        LiveResources.isAssessed(LiveResources.of("apps/v1", kind, fields), health, message);
    }

    private static void job(String conditions, @CheckForNull Health health, @CheckForNull String message) {
        LiveResources.isAssessed(
                LiveResources.of("batch/v1", "Job", "status: {conditions: [" + conditions + "]}"), health, message);
    }
}
