package io.jenkins.plugins.gitops.agent.health;

import static io.jenkins.plugins.gitops.core.model.Health.DEGRADED;
import static io.jenkins.plugins.gitops.core.model.Health.HEALTHY;
import static io.jenkins.plugins.gitops.core.model.Health.PROGRESSING;
import static io.jenkins.plugins.gitops.core.model.Health.UNKNOWN;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.Health;
import org.junit.Test;

public class PodHealthTest {
    private static final String CRASHED = "{lastState: {terminated: {exitCode: 1}}, state: {running: {}}}";
    private static final String READY = ", conditions: [{type: Ready, status: 'True'}]";

    @Test
    public void healthFollowsThePhase() {
        always("phase: Pending", PROGRESSING, "the pod is starting");
        always("phase: Succeeded", HEALTHY, null);
        always("phase: Failed", DEGRADED, "the pod failed");
        always("phase: Unknown", UNKNOWN, null);
        always("", UNKNOWN, null);
    }

    @Test
    public void restartingPodIsDegraded() {
        always("phase: Running" + READY, HEALTHY, null);
        always("phase: Running", PROGRESSING, "the pod is not ready");
        always("phase: Running, conditions: [{type: Ready, status: 'False'}]", PROGRESSING, "the pod is not ready");
        always("phase: Running, containerStatuses: [" + CRASHED + "]", DEGRADED, "a container crashed");
        always("phase: Running, containerStatuses: [" + CRASHED + "]" + READY, HEALTHY, null);
        LiveResources.isAssessed(
                LiveResources.of("v1", "Pod", "status: {phase: Running}"), PROGRESSING, "the pod is not ready");
    }

    @Test
    public void retriedInitContainerCrashIsIgnored() {
        always("phase: Running, initContainerStatuses: [" + CRASHED + "]", PROGRESSING, "the pod is not ready");
    }

    @Test
    public void runningPodWithoutRestartIsProgressing() {
        for (String policy : new String[] {"OnFailure", "Never"}) {
            pod(policy, "phase: Running" + READY, PROGRESSING, "the pod is running");
            pod(policy, "phase: Running, containerStatuses: [" + CRASHED + "]", PROGRESSING, "the pod is running");
            pod(policy, "phase: Succeeded", HEALTHY, null);
        }
    }

    @Test
    public void containerWaitingOnAnErrorDegradesThePod() {
        for (String reason : new String[] {"ErrImagePull", "CreateContainerConfigError", "ImagePullBackOff"}) {
            always("phase: Pending, containerStatuses: [" + waiting(reason, null) + "]", DEGRADED, reason);
            always(
                    "phase: Running, containerStatuses: [{state: {running: {}}}, " + waiting(reason, "why") + "]",
                    DEGRADED,
                    reason + ": why");
        }
    }

    @Test
    public void otherWaitingReasonsAreNotErrors() {
        always(
                "phase: Pending, containerStatuses: [" + waiting("ContainerCreating", null) + "]",
                PROGRESSING,
                "the pod is starting");
        always(
                "phase: Pending, containerStatuses: [" + waiting("PodInitializing", null) + "]",
                PROGRESSING,
                "the pod is starting");
        always("phase: Pending, containerStatuses: [{state: {waiting: {}}}]", PROGRESSING, "the pod is starting");
        always("phase: Pending, containerStatuses: [" + waiting("Unusual", "m") + "]", PROGRESSING, "Unusual: m");
    }

    @Test
    public void podThatNeverRestartsOrIsInitializingIsNotDegradedByWaiting() {
        String waiting = waiting("ImagePullBackOff", "no such image");
        pod(
                "Never",
                "phase: Pending, containerStatuses: [" + waiting + "]",
                PROGRESSING,
                "ImagePullBackOff: no such image");
        pod(
                "OnFailure",
                "phase: Pending, containerStatuses: [" + waiting + "]",
                PROGRESSING,
                "ImagePullBackOff: no such image");
        always(
                "phase: Pending, initContainerStatuses: [" + waiting + "]",
                PROGRESSING,
                "ImagePullBackOff: no such image");
    }

    @Test
    public void failedPodSaysWhy() {
        pod(
                "Never",
                "phase: Failed, containerStatuses: [" + ended("exitCode: 3, reason: Error") + "]",
                DEGRADED,
                "Error");
        pod(
                "Never",
                "phase: Failed, containerStatuses: [" + ended("exitCode: 3, message: disk full") + "]",
                DEGRADED,
                "disk full");
        pod("Never", "phase: Failed, containerStatuses: [" + ended("exitCode: 3") + "]", DEGRADED, "exit code 3");
        pod(
                "Never",
                "phase: Failed, containerStatuses: [" + ended("exitCode: 0, reason: Completed") + "]",
                DEGRADED,
                "the pod failed");
        always("phase: Failed, reason: Evicted, message: low on memory", DEGRADED, "Evicted: low on memory");
        always("phase: Failed, message: low on memory", DEGRADED, "low on memory");
    }

    @Test
    public void longReasonKeepsItsBeginningAndItsEnd() {
        String text = "x".repeat(300) + "y".repeat(300);
        always(
                "phase: Pending, containerStatuses: [" + waiting("ErrX", text) + "]",
                DEGRADED,
                "ErrX: " + "x".repeat(144) + " ... " + "y".repeat(150));
    }

    private static String waiting(String reason, @CheckForNull String message) {
        String words = message == null ? "" : ", message: " + message;
        return "{state: {waiting: {reason: " + reason + words + "}}}";
    }

    private static String ended(String fields) {
        return "{state: {terminated: {" + fields + "}}}";
    }

    private static void always(String status, @CheckForNull Health health, @CheckForNull String message) {
        pod("Always", status, health, message);
    }

    private static void pod(String policy, String status, @CheckForNull Health health, @CheckForNull String message) {
        String fields = "spec: {restartPolicy: " + policy + "}, status: {" + status + "}";
        LiveResources.isAssessed(LiveResources.of("v1", "Pod", fields), health, message);
    }
}
