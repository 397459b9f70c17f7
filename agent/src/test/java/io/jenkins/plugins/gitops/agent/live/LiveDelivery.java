package io.jenkins.plugins.gitops.agent.live;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One application of a {@link LiveRepository}: its changes, and waits for them. */
final class LiveDelivery {
    private final LiveRepository repository;
    private final String app;

    LiveDelivery(LiveRepository repository, String app) {
        this.repository = repository;
        this.app = app;
    }

    LiveRepository repository() {
        return repository;
    }

    String app() {
        return app;
    }

    /** Returns the path of a file in its folder. */
    String file(String name) {
        return LiveRepository.file(app, name);
    }

    /** Sets the image in Git. Returns the new commit. */
    String setTag(String tag) throws Exception {
        return repository.setTag(List.of(app), tag);
    }

    /** Makes pods take ten seconds to become ready. Returns the new commit. */
    String slowRollOut() throws Exception {
        return edit("deployment.yaml", "ready-after: \"1s\"", "ready-after: \"10s\"");
    }

    /** Makes a rollout without progress fail soon. Returns the new commit. */
    String impatientRollOut() throws Exception {
        return edit("deployment.yaml", "progressDeadlineSeconds: \\d+", "progressDeadlineSeconds: 5");
    }

    /** Replaces what matches in a file of its folder. Returns the new commit. */
    String edit(String file, String pattern, String replacement) throws Exception {
        String before = repository.read(file(file));
        String after = before.replaceAll(pattern, replacement);
        if (after.equals(before)) {
            throw new IllegalArgumentException(file + " does not hold " + pattern);
        }
        return repository.commit(Map.of(file(file), after));
    }

    /** Returns the target as currently defined in gitops.yaml. */
    Target target() throws UserErrorException, IOException {
        return Delivery.load(repository.local().files(repository.tip())).target(app, "dev");
    }

    /** Returns the expectation of a wait for a commit that set this tag. */
    Expectation expectation(String commit, String tag) throws UserErrorException, IOException {
        List<ImageReference> images = List.of(ImageReference.parse(LiveRepository.IMAGE + ":" + tag));
        return new Expectation(target(), commit, images, true, Instant.now(), Duration.ZERO);
    }

    /**
     * Starts a wait as {@code gitopsAwaitSync} would. A verdict of live is checked against the images in the cluster.
     *
     * @param seen returns the known snapshots of a target
     * @param ended runs at the end of the wait
     */
    LiveWait await(Expectation expectation, Function<Target, List<AgentSnapshot>> seen, Runnable ended) {
        String tag = expectation.images().get(0).tag();
        return new LiveWait(expectation, repository.local(), seen, () -> whyNotRunning(tag), ended);
    }

    /** Returns why the image does not run in all pods of the Deployment now; null if it does. */
    String whyNotRunning(String tag) {
        Deployment live = deployment();
        if (live == null) {
            return "there is no Deployment";
        }
        String image =
                live.getSpec().getTemplate().getSpec().getContainers().get(0).getImage();
        if (!image.equals(LiveRepository.IMAGE + ":" + tag)) {
            return "the Deployment has " + image;
        }
        Integer replicas = live.getSpec().getReplicas();
        DeploymentStatus status = live.getStatus();
        boolean ready = live.getMetadata().getGeneration().equals(status.getObservedGeneration())
                && replicas.equals(status.getUpdatedReplicas())
                && replicas.equals(status.getAvailableReplicas())
                && replicas.equals(status.getReplicas());
        return ready ? null : "its pods are not ready: " + status;
    }

    private Deployment deployment() {
        return LiveCluster.client()
                .apps()
                .deployments()
                .inNamespace(repository.namespace())
                .withName(app)
                .get();
    }
}
