package io.jenkins.plugins.gitops.status.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.core.report.StatusTopic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Explains why an agent does not report on a target. */
final class SilentAgentMessage {
    private SilentAgentMessage() {}

    /**
     * @param last its newest report; null when there is none
     * @return one sentence without a full stop
     */
    static String of(
            String name,
            @CheckForNull ReportVerifier.VerifiedReport last,
            RepositoryConfiguration repository,
            Target target,
            Instant now) {
        String agent = "agent " + name;
        Instant refused = RejectedReports.get().rejectedSince(name);
        if (refused != null) {
            return agent + " reports, but all reports have been rejected with 403 since " + refused
                    + " because of a wrong secret or clock; the Jenkins log shows which";
        }
        if (last == null) {
            return agent + " has never reported";
        }
        if (last.isStale(now)) {
            return agent + " has not reported since " + last.at() + ", and did not report this target before";
        }
        List<ApplicationStatus> all = last.report().applications();
        return agent + " reports " + (all.size() == 1 ? "1 application" : all.size() + " applications")
                + why(all, repository, target);
    }

    private static String why(List<ApplicationStatus> all, RepositoryConfiguration repository, Target target) {
        StatusTopic folder = StatusTopic.ofPath(target.path());
        Optional<ApplicationStatus> there = all.stream()
                .filter(status -> StatusTopic.ofPath(status.path()).equals(folder))
                .findFirst();
        AgentReference by = target.agent();
        String object = by == null || by.object() == null ? target.applicationName() : by.object();
        if (there.isPresent() && !repository.isAt(there.get().repository())) {
            return ", including this folder of " + there.get().repository()
                    + "; if that is the same repository, add its URL to the Aliases of " + repository.getName();
        }
        if (there.isPresent() && object != null) {
            return ", this folder as " + there.get().name() + " and none as " + object;
        }
        return object == null || by == null ? ", and none of this folder" : ", and none named " + object;
    }
}
