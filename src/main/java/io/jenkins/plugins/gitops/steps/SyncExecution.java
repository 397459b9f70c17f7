package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsJobProperty;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.AgentTraits;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.status.report.ReportingAgents;
import io.jenkins.plugins.gitops.status.report.SyncRequests;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Requests a sync and completes; the agent receives the request in the response to its next report. */
final class SyncExecution extends GitopsStepExecution {
    private static final long serialVersionUID = 1L;

    private final String app;
    private final String env;
    private final String repository;
    private final boolean prune;

    SyncExecution(GitopsSyncStep step, StepContext context) {
        super(context);
        this.app = step.getApp();
        this.env = step.getEnv();
        this.repository = step.getRepository();
        this.prune = step.isPrune();
    }

    @Override
    void runStep() throws Exception {
        Run<?, ?> run = run();
        GitopsJobProperty defaults = GitopsJobProperty.of(run);
        String application = app == null ? defaults.getApp() : app;
        if (application == null) {
            throw new UserErrorException(
                    "No application was named", "Give app, or set it for the whole job with gitopsDefaults");
        }
        WriteAccess.requirePermission(run, runsAs(), GitopsPermissions.SYNC);
        RepositoryConfiguration configuration = GitopsConfiguration.get()
                .repository(repository == null ? defaults.getRepository() : repository, run.getParent());
        WriteAccess.requireLimits(run, configuration.getName(), application, env);
        afterFetch(configuration, (clone, tip) -> {
            RepositoryConfiguration branch = RepositoryBranches.of(configuration, application, env);
            if (branch.isOfEnvironment()) {
                afterFetch(branch, (other, newest) -> requestSync(run, branch, application, other, newest));
            } else {
                requestSync(run, configuration, application, clone, tip);
            }
        });
    }

    private void requestSync(
            Run<?, ?> run,
            RepositoryConfiguration configuration,
            String application,
            ConfigRepository clone,
            String tip)
            throws UserErrorException, IOException {
        FileTree files = clone.files(tip);
        Target target = Delivery.load(files).target(application, env);
        WriteAccess.requirePolicy(run, configuration, files, env);
        Instant now = Instant.now();
        AgentSnapshot snapshot = only(target, StatusSources.snapshots(configuration, target, now));
        SyncRequests.get()
                .request(snapshot.agent(), snapshot.status().name(), configuration.getName(), tip, prune, now);
        log(
                configuration.getName(),
                application,
                env,
                prune
                        ? Messages.SyncExecution_AskedToPrune(snapshot.agent(), ShortRevision.of(tip))
                        : Messages.SyncExecution_Asked(snapshot.agent(), ShortRevision.of(tip)));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("requested", true);
        result.put("revision", tip);
        succeed(result);
    }

    /** The only agent that can sync the target. */
    private AgentSnapshot only(Target target, List<AgentSnapshot> snapshots) throws UserErrorException {
        AgentReference by = target.agent();
        boolean observed = snapshots.stream().anyMatch(s -> s.status().isObserved());
        if (by != null && !observed) {
            AgentTraits.of(by.kind()).requireSync(target, by.agent());
        }
        if (snapshots.isEmpty()) {
            throw new UserErrorException(
                    "No agent reports " + target.id() + ", so none can be asked to sync it",
                    "Wait until the agent that deploys " + target.path() + " has reported");
        }
        if (snapshots.size() > 1) {
            throw new UserErrorException(
                    snapshots.stream().map(AgentSnapshot::agent).sorted().collect(Collectors.joining(" and "))
                            + " both report " + target.id(),
                    "Let one agent deploy " + target.path() + ", or name it in gitops.yaml");
        }
        AgentSnapshot snapshot = snapshots.get(0);
        AgentTraits traits = AgentTraits.of(snapshot.kind());
        if (observed) {
            traits.requireObserverSync(target, snapshot.agent(), prune, isReadOnly(snapshot.agent()));
        } else {
            traits.requireSync(target, snapshot.agent());
            requireApplies(target, snapshot.agent());
        }
        if (snapshot.stale()) {
            throw new UserErrorException(
                    "Agent " + snapshot.agent() + ", which deploys " + target.id() + ", has not reported since "
                            + snapshot.receivedAt(),
                    "Check that it is running");
        }
        return snapshot;
    }

    private static boolean isReadOnly(String name) {
        return GitopsConfiguration.get()
                .agent(name)
                .flatMap(agent -> ReportingAgents.get().newest(agent))
                .filter(verifiedReport -> verifiedReport.report().readOnly())
                .isPresent();
    }

    private static void requireApplies(Target target, String agent) throws UserErrorException {
        if (isReadOnly(agent)) {
            throw new UserErrorException(
                    "Agent " + agent + ", which deploys " + target.id() + ", runs with --dry-run and applies nothing",
                    "Start it without --dry-run");
        }
    }

    @Override
    String repositoryOrNull() throws UserErrorException, IOException, InterruptedException {
        return repositoryName(repository);
    }

    @CheckForNull
    @Override
    public String getStatus() {
        return "requesting a sync";
    }
}
