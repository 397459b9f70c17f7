package io.jenkins.plugins.gitops.agent.health;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Health of a pod, with the reason of a failure. */
final class PodHealth {
    private static final int MAX_REASON_LENGTH = 300;

    private PodHealth() {}

    static HealthStatus of(JsonFields pod) {
        JsonFields status = pod.in("status");
        boolean restarts = isAlways(pod);
        // A failing init container is restarted while the pod is Pending.
        Optional<String> broken = restarts
                ? status.list("containerStatuses").stream()
                        .map(c -> c.in("state").in("waiting"))
                        .filter(w -> isError(w.text("reason")))
                        .map(PodHealth::describe)
                        .findFirst()
                : Optional.empty();
        if (broken.isPresent()) {
            return HealthStatus.degraded(broken.get());
        }
        return switch (String.valueOf(status.text("phase"))) {
            case "Succeeded" -> HealthStatus.HEALTHY;
            case "Failed" -> HealthStatus.degraded(failure(pod));
            case "Running" -> running(pod, restarts);
            case "Pending" -> HealthStatus.progressing(reason(pod).orElse("the pod is starting"));
            default -> new HealthStatus(Health.UNKNOWN, reason(pod).orElse(null));
        };
    }

    private static HealthStatus running(JsonFields pod, boolean restarts) {
        if (!restarts) {
            return HealthStatus.progressing("the pod is running");
        }
        if (pod.isTrue("Ready")) {
            return HealthStatus.HEALTHY;
        }
        boolean crashed = pod.in("status").list("containerStatuses").stream()
                .anyMatch(c -> c.in("lastState").has("terminated"));
        return crashed
                ? HealthStatus.degraded(reason(pod).orElse("a container crashed"))
                : HealthStatus.progressing("the pod is not ready");
    }

    /** An evicted pod has the reason itself; otherwise its containers have it. */
    private static String failure(JsonFields pod) {
        JsonFields status = pod.in("status");
        return status.has("reason") || status.has("message")
                ? describe(status)
                : reason(pod).orElse("the pod failed");
    }

    /** Why a pod does not run, in the cluster's words: why its containers are waiting, or how they terminated. */
    static Optional<String> reason(JsonFields pod) {
        List<JsonFields> containers = containers(pod.in("status")).toList();
        Stream<JsonFields> waiting = containers.stream()
                .map(c -> c.in("state").in("waiting"))
                .filter(w -> w.text("reason") != null && !isUsualWait(w.text("reason")));
        Stream<JsonFields> ended =
                containers.stream().map(c -> c.in("state").in("terminated")).filter(t -> t.number("exitCode", 0) != 0);
        return Stream.concat(waiting, ended).map(PodHealth::describe).findFirst();
    }

    private static Stream<JsonFields> containers(JsonFields status) {
        return Stream.concat(status.list("initContainerStatuses").stream(), status.list("containerStatuses").stream());
    }

    private static String describe(JsonFields state) {
        String words = Stream.of("reason", "message")
                .map(state::text)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(": "));
        String text = words.isEmpty() ? "exit code " + state.number("exitCode", 0) : words;
        return TextSanitizer.middle(text, MAX_REASON_LENGTH);
    }

    private static boolean isAlways(JsonFields pod) {
        String policy = pod.in("spec").text("restartPolicy");
        return policy == null || policy.equals("Always");
    }

    private static boolean isError(String reason) {
        return reason != null && (reason.startsWith("Err") || reason.endsWith("Error") || reason.endsWith("BackOff"));
    }

    private static boolean isUsualWait(String reason) {
        return reason.equals("ContainerCreating") || reason.equals("PodInitializing");
    }
}
