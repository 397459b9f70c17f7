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

/** The promotion requests of a run; the only place that has their state. Each change is saved immediately. */
@ExportedBean
public final class PromotionAction implements RunAction2, StaplerProxy {
    /** Relative to the URL of the run. */
    public static final String URL = "gitops-promotions";

    /** Replaced instead of modified, since the run may be written to disk at any time. */
    private volatile ArrayList<PromotionRequest> requests = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    private PromotionAction(Run<?, ?> run) {
        this.run = run;
    }

    /** The action of a run; null when the run has requested no promotion. */
    @CheckForNull
    public static PromotionAction find(Run<?, ?> run) {
        return run.getAction(PromotionAction.class);
    }

    /** The request that a step made; null when it has not made one. */
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

    /** Marks the request of a step as written to Git, and saves the run; does nothing if the step made no request. */
    public static void promoted(Run<?, ?> run, String operation) throws IOException {
        PromotionRequest request = find(run, operation);
        PromotionAction action = find(run);
        if (request != null && action != null) {
            action.update(request.getId(), r -> r.with(PromotionRequest.State.PROMOTED));
        }
    }

    /**
     * Changes a request and saves the run; if saving fails, the change is undone. Changes are serialized.
     *
     * @param change returns null to keep the request unchanged
     * @return the request after the change; null when there is no such request or it was not changed
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

    /** The request with this id; null when there is none. */
    @CheckForNull
    public PromotionRequest request(String id) {
        return requests.stream().filter(r -> r.getId().equals(id)).findFirst().orElse(null);
    }

    /** All requests, oldest first. */
    @Exported(visibility = 2)
    public List<PromotionRequest> getRequests() {
        return Collections.unmodifiableList(requests);
    }

    /** The requests that wait for approval. */
    public List<PromotionRequest> getPending() {
        return requests.stream().filter(PromotionRequest::isPending).toList();
    }

    /** The run that made the requests. */
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

    /** The remote API of this page. */
    public Api getApi() {
        return new Api(this);
    }

    /** Requires permission to read the run, for the page and the remote API. */
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

    /** Null if nothing is pending, since the run's page shows past requests elsewhere. */
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
