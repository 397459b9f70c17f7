package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Asks the user to reload the page shortly, so that no thread of the web server waits for a repository that takes long
 * to read.
 */
final class StillReading extends HttpResponseException {
    private static final long serialVersionUID = 1L;
    private static final String SECONDS = "3";

    /** The error of the action that was requested; null when there was none. */
    @CheckForNull
    private final String problem;

    private final String reading;

    /** @param reading what is being read, and what the user should do */
    StillReading(@CheckForNull String problem, String reading) {
        this.problem = problem;
        this.reading = reading;
    }

    @Override
    public void generateResponse(StaplerRequest2 request, StaplerResponse2 response, Object node) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Retry-After", SECONDS);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(problem == null ? reading : problem + "\n" + reading);
    }
}
