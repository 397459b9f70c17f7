package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.DecisionOutcome;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.DecisionResult;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * A submitted decision form and its result. If the decision is not accepted, the page with the card is rendered again:
 * it finds this object as a request attribute and shows the message together with the submitted text.
 */
@Restricted(NoExternalUse.class)
public final class DecisionForm {
    private static final String ATTRIBUTE = "gitopsDecision";
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}");

    private final String id;
    private final String comment;
    private final DecisionResult decisionResult;

    private DecisionForm(@CheckForNull String id, String comment, DecisionResult decisionResult) {
        this.id = id;
        this.comment = comment;
        this.decisionResult = decisionResult;
    }

    /** Approves as the current user, and sends the response. */
    public static void approve(Object page, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        decide(page, request, response, PendingPromotions.get()::approve);
    }

    /** Rejects as the current user, and sends the response. */
    public static void reject(Object page, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        decide(page, request, response, PendingPromotions.get()::reject);
    }

    private interface DecisionAction {
        DecisionResult make(@CheckForNull String id, int version, @CheckForNull String comment);
    }

    private static void decide(
            Object page, StaplerRequest2 request, StaplerResponse2 response, DecisionAction decisionAction)
            throws IOException, ServletException {
        String id = request.getParameter("id");
        String version = Util.fixNull(request.getParameter("version"));
        String comment = Util.fixNull(request.getParameter("comment"));
        DecisionResult decisionResult = VERSION.matcher(version).matches()
                ? decisionAction.make(id, Integer.parseInt(version), comment)
                : new DecisionResult(DecisionOutcome.INVALID, Messages.PendingPromotions_NoVersion());
        if (decisionResult.isDone()) {
            response.sendRedirect2(".");
        } else {
            response.setStatus(decisionResult.status());
            request.setAttribute(ATTRIBUTE, new DecisionForm(id, comment, decisionResult));
            request.getView(page, "index.jelly").forward(request, response);
        }
    }

    /** Used by card.jelly: whether the form was submitted for this request. */
    public boolean isAbout(String request) {
        return request.equals(id);
    }

    /** Used by card.jelly: the error, as one sentence. */
    public String getMessage() {
        return decisionResult.message();
    }

    /** Used by card.jelly: the submitted comment; empty when there was none. */
    public String getComment() {
        return comment;
    }
}
