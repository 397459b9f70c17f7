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

/** Whether Jenkins is set up to hear of the agents that gitops.yaml names. */
@Restricted(NoExternalUse.class)
public final class AgentReferenceCheck {
    private AgentReferenceCheck() {}

    /**
     * Refuses a target that nobody could ever report: its agent is not configured under this name, or may not speak for its
     * environment. An observer may speak in the place of Flux or Argo CD, whatever it is called.
     *
     * @param place where gitops.yaml names the agent; null when that is not known
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

    /** Those of a kind, and whether they may report an environment. */
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
