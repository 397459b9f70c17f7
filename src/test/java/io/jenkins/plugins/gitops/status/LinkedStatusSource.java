package io.jenkins.plugins.gitops.status;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A server with its own pages, which reports that one target does not exist yet. */
public class LinkedStatusSource implements StatusSource {
    private volatile String target = "";
    private volatile String application = "";
    private volatile URI page;

    /**
     * Sets the target to report.
     *
     * @param id of the target
     */
    public void show(String id, String name, String url) {
        target = id;
        application = name;
        page = URI.create(url);
    }

    @Override
    public Function<Target, List<AgentSnapshot>> snapshots(RepositoryConfiguration repository, Instant now) {
        return asked -> {
            if (!asked.id().equals(target)) {
                return List.of();
            }
            Report.ApplicationStatus status = ApplicationStatusBuilder.of(application)
                    .at(repository.getUrl(), asked.path())
                    .observedAt(now.toString())
                    .build();
            return List.of(new AgentSnapshot(AgentKind.ARGO_CD, "main", now, false, null, status));
        };
    }

    @Override
    public List<AgentInfo> agents(Instant now) {
        return List.of();
    }

    @Override
    public Optional<URI> link(AgentSnapshot snapshot) {
        return Optional.ofNullable(page);
    }
}
