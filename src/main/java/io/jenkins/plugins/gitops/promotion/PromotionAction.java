package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** The promotions that a run asked for; the one place where their state lives. Each change of it is saved at once. */
@ExportedBean
public final class PromotionAction implements RunAction2, StaplerProxy {
    /** Below the run's own URL. */
    public static final String URL = "gitops-promotions";

    /** Replaced, never changed: the run may be written to disk at any time. */
    private volatile ArrayList<PromotionRequest> requests = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    private PromotionAction(Run<?, ?> run) {
        this.run = run;
    }

    /** The one of this run; null while it has asked for nothing. */
    @CheckForNull
    public static PromotionAction find(Run<?, ?> run) {
        return run.getAction(PromotionAction.class);
    }

    /** The request that a step made; null when it has made none yet. */
    @CheckForNull
    public static PromotionRequest find(Run<?, ?> run, String operation) {
        PromotionAction action = find(run);
        return action == null
                ? null
                : action.requests.stream()
                        .filter(r -> r.getOperation().equals(operation))
                        .findFirst()
                        .orElse(null);
    }

    /** Adds a request and saves the run. */
    public static void add(Run<?, ?> run, PromotionRequest request) throws IOException {
        PromotionAction action;
        synchronized (run) {
            action = find(run);
            if (action == null) {
                action = new PromotionAction(run);
                run.addAction(action);
            }
        }
        synchronized (action) {
            ArrayList<PromotionRequest> next = new ArrayList<>(action.requests);
            next.add(request);
            action.requests = next;
            run.save();
        }
        if (request.isPending()) {
            PendingPromotions.get().add(run, request.getId());
        }
    }

    /** Notes that what a step asked for stands in Git now, and saves the run; nothing happens when it asked for nothing. */
    public static void promoted(Run<?, ?> run, String operation) throws IOException {
        PromotionRequest request = find(run, operation);
        PromotionAction action = find(run);
        if (request != null && action != null) {
            action.update(request.getId(), r -> r.with(PromotionRequest.State.PROMOTED));
        }
    }

    /**
     * Changes a request and saves the run; when that fails the change is undone. One at a time.
     *
     * @param change null as its result: leave it as it is
     * @return the request after the change; null when there is no such request or it was left as it is
     */
    @CheckForNull
    synchronized PromotionRequest update(String id, UnaryOperator<PromotionRequest> change) throws IOException {
        ArrayList<PromotionRequest> before = requests;
        ArrayList<PromotionRequest> next = new ArrayList<>(before);
        for (int i = 0; i < next.size(); i++) {
            PromotionRequest changed = next.get(i).getId().equals(id) ? change.apply(next.get(i)) : null;
            if (changed != null) {
                next.set(i, changed);
                requests = next;
                try {
                    run.save();
                } catch (IOException e) {
                    requests = before;
                    throw e;
                }
                return changed;
            }
        }
        return null;
    }

    /** By its id; null when there is none. */
    @CheckForNull
    public PromotionRequest request(String id) {
        return requests.stream().filter(r -> r.getId().equals(id)).findFirst().orElse(null);
    }

    /** All requests, oldest first. */
    @Exported(visibility = 2)
    public List<PromotionRequest> getRequests() {
        return Collections.unmodifiableList(requests);
    }

    /** Those that wait for people. */
    public List<PromotionRequest> getPending() {
        return requests.stream().filter(PromotionRequest::isPending).toList();
    }

    /** The run that asks. */
    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public void onAttached(Run<?, ?> attachedTo) {
        run = attachedTo;
    }

    @Override
    public void onLoad(Run<?, ?> loaded) {
        run = loaded;
        getPending().forEach(r -> PendingPromotions.get().add(loaded, r.getId()));
    }

    /** The remote API of this page alone. */
    public Api getApi() {
        return new Api(this);
    }

    /** Whoever may not see the run may not reach this either, by page or by remote API. */
    @Override
    public Object getTarget() {
        run.checkPermission(Item.READ);
        return this;
    }

    /** Approves as the current user. */
    @RequirePOST
    public void doApprove(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        DecisionForm.approve(this, request, response);
    }

    /** Rejects as the current user. */
    @RequirePOST
    public void doReject(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        DecisionForm.reject(this, request, response);
    }

    /** None once nothing is pending: the history is told elsewhere on the run's page. */
    @CheckForNull
    @Override
    public String getIconFileName() {
        return getPending().isEmpty() ? null : "symbol-hourglass-outline plugin-ionicons-api";
    }

    @Override
    public String getDisplayName() {
        return Messages.PromotionAction_DisplayName();
    }

    @Override
    public String getUrlName() {
        return URL;
    }
}
