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
 * All agents of one kind: our own, Argo CD servers, or Flux. Answers from memory, never blocks, and calls
 * {@link StatusSources#changed} when it has received changes.
 */
@Restricted(NoExternalUse.class)
public interface StatusSource extends ExtensionPoint {
    /**
     * What its agents report about the targets of a repository. Work that does not depend on the target is done once,
     * before the function is returned. Omits agents that may not report on a target's environment or do not deploy the
     * target.
     */
    Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now);

    /** The current state of its agents, in the order of the configuration. */
    List<AgentInfo> agents(Instant now);

    /**
     * Why agents that may report on a target do not report on it: one entry per agent, each one sentence without a full
     * stop, such as {@code agent dev has never reported}. The text stays the same until something changes.
     */
    default List<String> silenceReasons(RepositoryConfiguration repository, Target target, Instant now) {
        return List.of();
    }

    /**
     * A page with more information about a snapshot of this source.
     *
     * @return with scheme http or https
     */
    default Optional<URI> link(AgentSnapshot snapshot) {
        return Optional.empty();
    }

    /**
     * Announces a new wait. Returns at once; a source whose agents do not push their status starts to poll.
     *
     * @param id of the wait; a wait with the same id is replaced
     */
    default void awaited(String id, RepositoryConfiguration repository, Expectation expectation) {}

    /** Announces the end of a wait; does nothing for an unknown id. */
    default void released(String id) {}
}
