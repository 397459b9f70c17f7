package io.jenkins.plugins.gitops.status;

import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * All agents of one kind: our own, Argo CD servers, or Flux. Answers from what it has heard, never waits, and calls
 * {@link StatusSources#changed} when it has heard something new.
 */
@Restricted(NoExternalUse.class)
public interface StatusSource extends ExtensionPoint {
    /**
     * What its agents say about the targets of a repository; what does not depend on the target is done once. Agents that
     * may not speak for a target's environment, or are not the one that deploys it, are left out.
     */
    Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now);

    /** Its agents as they are now, those first that the configuration names first. */
    List<AgentInfo> agents(Instant now);

    /**
     * Its agents that may speak for a target and say nothing about it, each with what is known of its silence, in one
     * sentence without a full stop: {@code agent dev has never reported}. The same at any time while nothing changes.
     */
    default List<String> silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        return List.of();
    }

    /**
     * A page that shows more of what a snapshot of this source is about.
     *
     * @return with scheme http or https
     */
    default Optional<URI> link(AgentSnapshot snapshot) {
        return Optional.empty();
    }

    /**
     * Somebody waits from now on. Returns at once; a source that is not told by its agents begins to ask.
     *
     * @param id names the wait; the same again takes the place of the former
     */
    default void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {}

    /** Nobody waits any more; nothing happens for an unknown one. */
    default void released(String id) {}
}
