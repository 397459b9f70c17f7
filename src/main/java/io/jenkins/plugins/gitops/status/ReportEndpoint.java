package io.jenkins.plugins.gitops.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import io.jenkins.plugins.gitops.config.AgentConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.sync.Report;
import io.jenkins.plugins.gitops.core.sync.ReportAnswer;
import io.jenkins.plugins.gitops.core.sync.ReportInbox;
import io.jenkins.plugins.gitops.core.sync.Signature;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Where agents report: {@code POST /gitops-agent/report}. Open to anybody who reaches Jenkins, because the signature of
 * the body is what lets a report in; it opens nothing else, and whoever is logged in gains nothing from it.
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

    /** Takes a report and answers it, or answers a status and nothing else. */
    @RequirePOST
    public void doReport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        if (request.getContentLengthLong() > ReportInbox.MAX_BODY) {
            String problem = "its body has " + request.getContentLengthLong() + " bytes";
            log(request, request.getHeader(Signature.AGENT_HEADER), problem, Instant.now());
            OversizedBody.reject(request, response);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(ReportInbox.MAX_BODY + 1);
        String agent = request.getHeader(Signature.AGENT_HEADER);
        Instant now = Instant.now();
        ReportInbox.Received received;
        try {
            received = Reports.get()
                    .inbox()
                    .receive(
                            agent,
                            request.getHeader(Signature.TIMESTAMP_HEADER),
                            request.getHeader(Signature.SIGNATURE_HEADER),
                            body,
                            now);
        } catch (ReportInbox.NotAcceptedException e) {
            log(request, agent, e.getMessage(), now);
            if (body.length > ReportInbox.MAX_BODY) {
                OversizedBody.reject(request, response);
            } else {
                refuse(response, e.status());
            }
            return;
        }
        if (!received.isPartial()) {
            Reports.get().accepted(received);
        }
        answer(response, received, now);
    }

    private static void answer(StaplerResponse2 response, ReportInbox.Received received, Instant now)
            throws IOException {
        Optional<AgentConfiguration> agent = GitopsConfiguration.get().agent(received.agent());
        if (agent.isEmpty()) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        byte[] body = ReportInbox.format(answer(received, now));
        String timestamp = Long.toString(now.getEpochSecond());
        response.setHeader(Signature.AGENT_HEADER, received.agent());
        response.setHeader(Signature.TIMESTAMP_HEADER, timestamp);
        response.setHeader(
                Signature.SIGNATURE_HEADER,
                Signature.sign(
                        received.version(),
                        agent.get().getSecret().getPlainText(),
                        Signature.Context.response(received.agent(), timestamp),
                        body));
        response.setContentType("application/json;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static ReportAnswer answer(ReportInbox.Received received, Instant now) {
        Report report = received.report();
        if (received.isPartial()) {
            return ReportAnswer.toPage(report);
        }
        SyncRequests requests = SyncRequests.get();
        List<String> asked = requests.answer(received.agent(), report, now);
        return ReportAnswer.to(report, revisions(report), asked, requests.prunes(received.agent(), asked));
    }

    /**
     * The newest revision known here for each repository that the report names. A repository that is configured with
     * several branches is left out: which of them an application follows is not known here.
     */
    private static Map<String, String> revisions(Report report) {
        Map<String, String> revisions = new HashMap<>();
        List<RepositoryConfiguration> configured = GitopsConfiguration.get().getRepositories();
        report.applications().stream()
                .map(Report.ApplicationStatus::repository)
                .distinct()
                .forEach(url -> {
                    List<RepositoryConfiguration> matches =
                            configured.stream().filter(r -> r.isAt(url)).toList();
                    if (matches.size() == 1) {
                        tip(matches.get(0)).ifPresent(revision -> revisions.put(url, revision));
                    }
                });
        return revisions;
    }

    private static Optional<String> tip(RepositoryConfiguration repository) {
        try {
            return Repositories.get().open(repository).tip();
        } catch (RefusedException e) {
            LOGGER.log(Level.FINE, e, () -> "No revision of " + repository + " for an answer");
            return Optional.empty();
        }
    }

    private static void refuse(StaplerResponse2 response, int status) {
        response.setStatus(status);
    }

    /** The sender is told nothing of this; the log and the dashboard say what is to be done. */
    private static void log(
            StaplerRequest2 request, @CheckForNull String agent, @CheckForNull String problem, Instant now) {
        boolean known = agent != null && GitopsConfiguration.get().agent(agent).isPresent();
        String line = RefusedReports.get().note(agent, known, request.getRemoteAddr(), problem, now);
        if (line != null) {
            LOGGER.warning(line);
        }
    }

    /** Agents have no session, so no crumb; this one path, letter by letter. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Exemption extends CrumbExclusion {
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
