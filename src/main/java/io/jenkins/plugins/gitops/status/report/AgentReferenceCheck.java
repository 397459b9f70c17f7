package io.jenkins.plugins.gitops.status.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.StatusSourceConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Checks that Jenkins is configured to receive reports from the agents that gitops.yaml names. */
@Restricted(NoExternalUse.class)
public final class AgentReferenceCheck {
    private AgentReferenceCheck() {}

    /**
     * Rejects a target that no agent could report on: its agent is not configured under this name, or may not report on
     * its environment. An observer, under any name, may report on behalf of Flux or Argo CD.
     *
     * @param place where gitops.yaml names the agent; null when unknown
     */
    public static void require(Target target, @CheckForNull SourceLocation place) throws UserErrorException {
        AgentReference by = target.agent();
        if (by == null || by.kind() != AgentKind.AGENT && isObserved(target.environment())) {
            return;
        }
        Map<String, Boolean> configured = configured(by.kind(), target.environment());
        Boolean mayReport = configured.get(by.agent());
        if (mayReport == null) {
            throw new UserErrorException(
                    place,
                    what(by) + ", which deploys " + target.id() + ", is not configured in Jenkins",
                    (configured.isEmpty()
                                    ? "Ask"
                                    : "Name one that is: " + String.join(", ", configured.keySet()) + "; or ask")
                            + " an administrator to add it under Manage Jenkins, System, GitOps");
        }
        if (!mayReport) {
            throw new UserErrorException(
                    place,
                    what(by) + " is not allowed to report for " + target.environment()
                            + " in the configuration of Jenkins",
                    "Ask an administrator to add " + target.environment()
                            + " to its Environments under Manage Jenkins, System, GitOps, or name another one");
        }
    }

    private static String what(AgentReference by) {
        String noun = by.kind().noun();
        return Character.toUpperCase(noun.charAt(0)) + noun.substring(1) + " \"" + by.agent() + "\"";
    }

    /** The configured agents of a kind, and whether each may report on an environment. */
    private static Map<String, Boolean> configured(AgentKind kind, String environment) {
        Map<String, Boolean> names = new LinkedHashMap<>();
        for (StatusSourceConfiguration<?> source : GitopsConfiguration.get().statusSources(kind)) {
            names.put(source.getName(), source.mayReport(environment));
        }
        return names;
    }

    private static boolean isObserved(String environment) {
        List<AgentConfiguration> agents = GitopsConfiguration.get().getAgents();
        return agents.stream().filter(agent -> agent.mayReport(environment)).anyMatch(agent -> ReportingAgents.get()
                .newest(agent)
                .filter(verifiedReport -> verifiedReport.report().readOnly())
                .isPresent());
    }
}
