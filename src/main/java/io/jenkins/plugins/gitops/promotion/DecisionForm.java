package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.Answer;
import io.jenkins.plugins.gitops.promotion.PendingPromotions.Outcome;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * What a person sent from a card, and what came of it. A decision that does not count is answered by the page that the
 * card is on, which finds this as the request's attribute and shows the message beside the text as it was typed.
 */
@Restricted(NoExternalUse.class)
public final class DecisionForm {
    private static final String ATTRIBUTE = "gitopsDecision";
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}");

    private final String id;
    private final String comment;
    private final Answer answer;

    private DecisionForm(@CheckForNull String id, String comment, Answer answer) {
        this.id = id;
        this.comment = comment;
        this.answer = answer;
    }

    /** Approves as the current user, and answers the request. */
    public static void approve(Object page, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        decide(page, request, response, PendingPromotions.get()::approve);
    }

    /** Rejects as the current user, and answers the request. */
    public static void reject(Object page, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        decide(page, request, response, PendingPromotions.get()::reject);
    }

    private interface Decision {
        Answer make(@CheckForNull String id, int version, @CheckForNull String comment);
    }

    private static void decide(Object page, StaplerRequest2 request, StaplerResponse2 response, Decision decision)
            throws IOException, ServletException {
        String id = request.getParameter("id");
        String version = Util.fixNull(request.getParameter("version"));
        String comment = Util.fixNull(request.getParameter("comment"));
        Answer answer = VERSION.matcher(version).matches()
                ? decision.make(id, Integer.parseInt(version), comment)
                : new Answer(Outcome.INVALID, Messages.PendingPromotions_NoVersion());
        if (answer.isDone()) {
            response.sendRedirect2(".");
        } else {
            response.setStatus(answer.status());
            request.setAttribute(ATTRIBUTE, new DecisionForm(id, comment, answer));
            request.getView(page, "index.jelly").forward(request, response);
        }
    }

    /** Used by card.jelly: whether the form was about this request. */
    public boolean isAbout(String request) {
        return request.equals(id);
    }

    /** Used by card.jelly: what is wrong, one sentence. */
    public String getMessage() {
        return answer.message();
    }

    /** Used by card.jelly: as it was typed; empty when nothing was. */
    public String getComment() {
        return comment;
    }
}
