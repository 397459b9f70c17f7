package io.jenkins.plugins.gitops.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.stapler.HttpResponses.HttpResponseException;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Asks the visitor to reload the page in a moment: a thread of the web server does not wait for a repository that takes long
 * to read, nor draw a page of it.
 */
final class StillReading extends HttpResponseException {
    private static final long serialVersionUID = 1L;
    private static final String SECONDS = "3";

    /** Of what was asked for beside the page; null when nothing was. */
    @CheckForNull
    private final String problem;

    private final String reading;

    /** @param reading what is being read, and what to do */
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
