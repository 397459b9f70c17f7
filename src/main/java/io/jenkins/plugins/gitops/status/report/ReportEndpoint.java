package io.jenkins.plugins.gitops.status.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.FollowedBranch;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.ReportResponse;
import io.jenkins.plugins.gitops.core.report.ReportSignature;
import io.jenkins.plugins.gitops.core.report.ReportVerifier;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.webhook.OversizedBody;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * The endpoint for agents' reports: {@code POST /gitops-agent/report}. It needs no login, since the signature of the
 * body authenticates a report; it gives no access to anything else, and a logged-in user gains nothing from it.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ReportEndpoint implements UnprotectedRootAction {
    private static final Logger LOGGER = Logger.getLogger(ReportEndpoint.class.getName());
    private static final String URL_NAME = "gitops-agent";
    private static final String PATH = "/" + URL_NAME + "/report";

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /** Accepts a report and responds to it; a rejected report gets only a status code. */
    @RequirePOST
    public void doReport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        if (request.getContentLengthLong() > ReportVerifier.MAX_BODY) {
            String problem = "its body has " + request.getContentLengthLong() + " bytes";
            log(request, request.getHeader(ReportSignature.AGENT_HEADER), problem, Instant.now());
            OversizedBody.reject(request, response);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(ReportVerifier.MAX_BODY + 1);
        String agent = request.getHeader(ReportSignature.AGENT_HEADER);
        Instant now = Instant.now();
        ReportVerifier.VerifiedReport verifiedReport;
        try {
            verifiedReport = ReportingAgents.get()
                    .verifier()
                    .verify(
                            agent,
                            request.getHeader(ReportSignature.TIMESTAMP_HEADER),
                            request.getHeader(ReportSignature.SIGNATURE_HEADER),
                            body,
                            now);
        } catch (ReportVerifier.ReportRejectedException e) {
            log(request, agent, e.getMessage(), now);
            if (body.length > ReportVerifier.MAX_BODY) {
                OversizedBody.reject(request, response);
            } else {
                refuse(response, e.status());
            }
            return;
        }
        if (!verifiedReport.isPartial()) {
            ReportingAgents.get().accepted(verifiedReport);
        }
        answer(response, verifiedReport, now);
    }

    private static void answer(StaplerResponse2 response, ReportVerifier.VerifiedReport verifiedReport, Instant now)
            throws IOException {
        Secret secret = GitopsConfiguration.get()
                .agent(verifiedReport.agent())
                .map(AgentConfiguration::getSecret)
                .orElse(null);
        if (secret == null) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        byte[] body = ReportVerifier.format(answer(verifiedReport, now));
        String timestamp = Long.toString(now.getEpochSecond());
        response.setHeader(ReportSignature.AGENT_HEADER, verifiedReport.agent());
        response.setHeader(ReportSignature.TIMESTAMP_HEADER, timestamp);
        response.setHeader(
                ReportSignature.SIGNATURE_HEADER,
                ReportSignature.sign(
                        verifiedReport.version(),
                        secret.getPlainText(),
                        ReportSignature.Context.response(verifiedReport.agent(), timestamp),
                        body));
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static ReportResponse answer(ReportVerifier.VerifiedReport verifiedReport, Instant now) {
        Report report = verifiedReport.report();
        if (verifiedReport.isPartial()) {
            return ReportResponse.toPage(report);
        }
        SyncRequests requests = SyncRequests.get();
        List<String> asked = requests.pendingFor(verifiedReport.agent(), report, now);
        return ReportResponse.to(
                report, revisions(report), asked, requests.pruneRevisions(verifiedReport.agent(), asked));
    }

    /**
     * The newest known revision of each repository in the report. Omits repositories of which applications may follow
     * several branches.
     */
    private static Map<String, String> revisions(Report report) {
        Map<String, String> revisions = new HashMap<>();
        List<RepositoryConfiguration> configured = GitopsConfiguration.get().getRepositories();
        report.applications().stream()
                .map(Report.ApplicationStatus::repository)
                .distinct()
                .forEach(url -> {
                    Set<String> followed = followed(report, url);
                    List<RepositoryConfiguration> matches = configured.stream()
                            .filter(r -> r.isAt(url))
                            .flatMap(r ->
                                    RepositoryBranches.followed(
                                            r,
                                            followed.size() == 1
                                                    ? followed.iterator().next()
                                                    : null)
                                            .stream())
                            .toList();
                    if (matches.size() == 1) {
                        tip(matches.get(0)).ifPresent(revision -> revisions.put(url, revision));
                    }
                });
        return revisions;
    }

    /** The branches that the applications of a repository follow; null for an unknown one. */
    private static Set<String> followed(Report report, String url) {
        Set<String> branches = new HashSet<>();
        report.applications().stream()
                .filter(application -> application.repository().equals(url))
                .forEach(application -> branches.add(FollowedBranch.of(application)));
        return branches;
    }

    private static Optional<String> tip(RepositoryConfiguration repository) {
        try {
            return ConfigRepositories.get().open(repository).tip();
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "no revision of " + repository + " for a response");
            return Optional.empty();
        }
    }

    private static void refuse(StaplerResponse2 response, int status) {
        response.setStatus(status);
    }

    /** Logs a rejection for administrators; none of this is revealed to the sender. */
    private static void log(
            StaplerRequest2 request, @CheckForNull String agent, @CheckForNull String problem, Instant now) {
        boolean known = agent != null && GitopsConfiguration.get().agent(agent).isPresent();
        String line = RejectedReports.get().record(agent, known, request.getRemoteAddr(), problem, now);
        if (line != null) {
            LOGGER.warning(line);
        }
    }

    /** Exempts exactly this path from the crumb check, since agents have no session. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class ReportCrumbExclusion extends CrumbExclusion {
        @Override
        public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (!PATH.equals(request.getPathInfo())) {
                return false;
            }
            chain.doFilter(request, response);
            return true;
        }
    }
}
