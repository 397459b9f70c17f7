package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.status.AgentLink;
import io.jenkins.plugins.gitops.status.StatusSources;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** A change that a step waits for, as plain data. Immutable, since the Pipeline's thread may store it at any time. */
final class AwaitedChange implements Serializable {
    private static final long serialVersionUID = 1L;

    final String repository;
    /** Null in steps that earlier versions stored. */
    @CheckForNull
    private final RepositoryBinding binding;
    /** Operation id of the change in this run; null when another run made the change. */
    @CheckForNull
    final String operation;

    final String revision;
    private final String application;
    private final String environment;
    private final String path;
    private final String imageFile;
    private final ArrayList<String> imagePaths;
    /** Null in steps that earlier versions stored. */
    @CheckForNull
    private final ArrayList<StoredImageRule> imageRules;

    private final String reportedAs;
    // The branch of the target and that of the policy; both are null if there is only one, and in steps of earlier
    // versions.
    @CheckForNull
    private final String branch;

    @CheckForNull
    private final String policyBranch;
    // The only agent that deploys the target; all three are null for any agent, and in steps of earlier versions.
    private final String agentKind;
    private final String agent;
    private final String agentObject;
    // Null and false in steps of earlier versions.
    private final String agentPath;
    private final boolean healthChecked;
    private final ArrayList<String> images;
    /** Name of an {@link ImagePolicy}; null for the default, and in steps of earlier versions. */
    @CheckForNull
    private final String imagePolicy;
    /** Null until it is live. */
    private final ObservedTarget live;

    AwaitedChange(
            RepositoryBinding repository,
            @CheckForNull String operation,
            Target target,
            String revision,
            List<String> images,
            ImagePolicy imagePolicy) {
        this.repository = repository.getName();
        this.binding = repository;
        this.operation = operation;
        this.revision = revision;
        this.application = target.application();
        this.environment = target.environment();
        this.path = target.path();
        this.imageFile = target.imageFile();
        this.imagePaths = new ArrayList<>(target.imagePaths());
        this.imageRules = StoredImageRule.of(target.images());
        this.reportedAs = target.applicationName();
        TreeBranch on = target.branch();
        this.branch = on == null ? null : on.name();
        this.policyBranch = on == null ? null : on.policy();
        AgentReference by = target.agent();
        this.agentKind = by == null ? null : by.kind().name();
        this.agent = by == null ? null : by.agent();
        this.agentObject = by == null ? null : by.object();
        this.agentPath = by == null ? null : by.path();
        this.healthChecked = by != null && by.healthChecked();
        this.images = new ArrayList<>(images);
        this.imagePolicy = imagePolicy == ImagePolicy.WHERE_SEEN ? null : imagePolicy.name();
        this.live = null;
    }

    private AwaitedChange(AwaitedChange from, ObservedTarget live) {
        this.repository = from.repository;
        this.binding = from.binding;
        this.operation = from.operation;
        this.revision = from.revision;
        this.application = from.application;
        this.environment = from.environment;
        this.path = from.path;
        this.imageFile = from.imageFile;
        this.imagePaths = from.imagePaths;
        this.imageRules = from.imageRules;
        this.reportedAs = from.reportedAs;
        this.branch = from.branch;
        this.policyBranch = from.policyBranch;
        this.agentKind = from.agentKind;
        this.agent = from.agent;
        this.agentObject = from.agentObject;
        this.agentPath = from.agentPath;
        this.healthChecked = from.healthChecked;
        this.images = from.images;
        this.imagePolicy = from.imagePolicy;
        this.live = live;
    }

    /** A copy that is live. */
    AwaitedChange live(ObservedTarget how) {
        return new AwaitedChange(this, how);
    }

    boolean isLive() {
        return live != null;
    }

    /** @throws UserErrorException when the configuration of the repository has changed since the wait began */
    RepositoryConfiguration repositoryNow() throws UserErrorException {
        RepositoryConfiguration now =
                binding == null ? GitopsConfiguration.get().repository(repository) : binding.current();
        return now.onBranch(target().environmentBranch());
    }

    String application() {
        return application;
    }

    String environment() {
        return environment;
    }

    /** {@code application/environment}. */
    String id() {
        return application + "/" + environment;
    }

    Target target() {
        AgentReference by = agentKind == null
                ? null
                : new AgentReference(AgentKind.valueOf(agentKind), agent, agentObject, agentPath, healthChecked);
        return new Target(application, environment, path, imageFile, imagePaths, reportedAs, by)
                .withImages(StoredImageRule.rules(imageRules))
                .withBranch(branch == null ? null : new TreeBranch(branch, policyBranch));
    }

    /**
     * From when on an error of the agent may be due to this change: from the time it was written, since a fast agent
     * may see it before the wait begins. In whole seconds, as in agents' timestamps.
     *
     * @param startedAt start of the wait, milliseconds since the epoch
     */
    Instant since(Run<?, ?> run, long startedAt) {
        ChangeRecord own = GitopsChangesAction.find(run, operation);
        long written = own == null ? startedAt : Math.min(startedAt, own.getAt());
        return Instant.ofEpochMilli(written).minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * Links to the pages on which agents show the target; empty also when the configuration of the repository has
     * changed.
     */
    List<AgentLink> links() {
        try {
            return StatusSources.links(repositoryNow(), target());
        } catch (UserErrorException e) {
            return List.of();
        }
    }

    /** The changes that are not live yet, with their commits, as text for messages. */
    static String names(List<AwaitedChange> changes) {
        return changes.stream()
                .filter(a -> !a.isLive())
                .map(a -> a.id() + " at " + ShortRevision.of(a.revision))
                .collect(Collectors.joining(", "));
    }

    /**
     * @param since from when on an error may be due to this change
     * @param stableFor how long it must remain live; zero if the first live status is sufficient
     */
    Expectation expectation(boolean healthy, Instant since, Duration stableFor) throws UserErrorException {
        List<ImageReference> expected = new ArrayList<>();
        for (String image : images) {
            expected.add(ImageReference.parse(image));
        }
        ImagePolicy image = imagePolicy == null ? ImagePolicy.WHERE_SEEN : ImagePolicy.valueOf(imagePolicy);
        return new Expectation(target(), revision, expected, healthy, since, stableFor, image);
    }

    /**
     * The values of this change in the step's return value.
     *
     * @param failedAwait why it did not become live; null when it did
     */
    LinkedHashMap<String, Object> toMap(@CheckForNull FailedAwait failedAwait) {
        ObservedTarget observedTarget =
                failedAwait != null ? failedAwait.observed : live == null ? ObservedTarget.NOTHING : live;
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("app", application);
        map.put("env", environment);
        map.put("outcome", failedAwait != null ? failedAwait.outcome.wireName() : live == null ? "waiting" : "live");
        map.put("revision", revision);
        map.put("syncedRevision", observedTarget.syncedRevision());
        map.put("health", observedTarget.health());
        map.put("image", observedTarget.image());
        ArrayList<Object> resources = new ArrayList<>();
        observedTarget.resources().forEach(r -> resources.add(r.toMap()));
        map.put("resources", resources);
        return map;
    }
}
