package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import hudson.security.ACL;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.gitops.config.GitopsPermissions;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * Finds the promotions that wait for approval, and records decisions on them. The state itself is in the
 * {@link PromotionAction} of each run; this class only has the index of runs and the listeners.
 */
@Extension
public final class PendingPromotions {
    private static final Logger LOGGER = Logger.getLogger(PendingPromotions.class.getName());

    private final Map<String, Run<?, ?>> runs = new ConcurrentHashMap<>();
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();

    public static PendingPromotions get() {
        return ExtensionList.lookupSingleton(PendingPromotions.class);
    }

    /** A request and the run that made it. */
    public record PendingPromotion(Run<?, ?> run, PromotionRequest request) {}

    /** The result of a decision. */
    public enum DecisionOutcome {
        /** The decision counts and completes the request. */
        DECIDED,
        /** The decision counts, but more approvals are required. */
        COUNTED,
        /** There is no such request, or the person may not see it. */
        NOT_FOUND,
        /** The person may not decide on this request. */
        FORBIDDEN,
        /** The request was decided or changed after the person loaded the page. */
        STALE,
        /** Malformed: a rejection without a reason, or a version that is not a number. */
        INVALID,
        /** The decision could not be stored, so it does not count. */
        NOT_STORED
    }

    /** @param message one sentence for the person */
    public record DecisionResult(DecisionOutcome outcome, String message) {
        public boolean isDone() {
            return outcome == DecisionOutcome.DECIDED || outcome == DecisionOutcome.COUNTED;
        }

        /** The HTTP status. */
        public int status() {
            return switch (outcome) {
                case DECIDED, COUNTED -> 200;
                case NOT_FOUND -> 404;
                case FORBIDDEN -> 403;
                case STALE -> 409;
                case INVALID -> 400;
                case NOT_STORED -> 500;
            };
        }
    }

    /** The pending requests that the current user may see, oldest first. */
    public List<PendingPromotion> pending() {
        List<PendingPromotion> pending = new ArrayList<>();
        runs.forEach((id, run) -> {
            PromotionAction action = PromotionAction.find(run);
            PromotionRequest request = action == null ? null : action.request(id);
            if (request != null && request.isPending() && run.isBuilding() && run.hasPermission(Item.READ)) {
                pending.add(new PendingPromotion(run, request));
            }
        });
        pending.sort(Comparator.comparingLong(p -> p.request().getRequestedAt()));
        return pending;
    }

    /** The request of {@link #pending()} with this id; null when there is none. */
    @CheckForNull
    public PendingPromotion pending(String id) {
        return pending().stream()
                .filter(p -> p.request().getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    /**
     * Approves as the current user.
     *
     * @param version of the request as the user saw it
     */
    public DecisionResult approve(@CheckForNull String id, int version, @CheckForNull String comment) {
        return decide(id, version, true, TextSanitizer.lineOrNull(comment));
    }

    /**
     * Rejects as the current user; one rejection is enough.
     *
     * @param version of the request as the user saw it
     * @param reason must not be blank
     */
    public DecisionResult reject(@CheckForNull String id, int version, @CheckForNull String reason) {
        String why = TextSanitizer.lineOrNull(reason);
        return why == null
                ? new DecisionResult(DecisionOutcome.INVALID, Messages.PendingPromotions_ReasonNeeded())
                : decide(id, version, false, why);
    }

    /**
     * Used by decision.jelly: whether the request of a form is still pending, so that its card shows the submitted
     * text.
     */
    @Restricted(NoExternalUse.class)
    public boolean isPending(DecisionForm form) {
        return pending().stream().anyMatch(p -> form.isAbout(p.request().getId()));
    }

    /** Why the current user cannot approve a request, for pages; empty when the approval would count. */
    public Optional<String> refusal(PendingPromotion pendingPromotion) {
        Authentication authentication = Jenkins.getAuthentication2();
        if (ACL.isAnonymous2(authentication) || !pendingPromotion.run().hasPermission(GitopsPermissions.APPROVE)) {
            return Optional.of(Messages.PendingPromotions_NotAllowed(authentication.getName()));
        }
        return gate(pendingPromotion.request())
                .refusal(approval(authentication), pendingPromotion.request().approvals());
    }

    private DecisionResult decide(@CheckForNull String id, int version, boolean approve, @CheckForNull String comment) {
        Run<?, ?> run = id == null ? null : runs.get(id);
        PromotionAction action = run == null ? null : PromotionAction.find(run);
        PromotionRequest seen = action == null ? null : action.request(id);
        if (seen == null || !run.hasPermission(Item.READ)) {
            return new DecisionResult(DecisionOutcome.NOT_FOUND, Messages.PendingPromotions_NotFound());
        }
        Authentication authentication = Jenkins.getAuthentication2();
        if (ACL.isAnonymous2(authentication) || !run.hasPermission(GitopsPermissions.APPROVE)) {
            return new DecisionResult(
                    DecisionOutcome.FORBIDDEN, Messages.PendingPromotions_NotAllowed(authentication.getName()));
        }
        // Before the lock, since this may query the security realm over the network.
        return settle(run, action, id, version, approve, approval(authentication), comment);
    }

    private DecisionResult settle(
            Run<?, ?> run,
            PromotionAction action,
            String id,
            int version,
            boolean approve,
            Approval person,
            @CheckForNull String comment) {
        DecisionResult[] refused = {new DecisionResult(DecisionOutcome.STALE, Messages.PendingPromotions_Stale())};
        PromotionRequest decided;
        try {
            // Compare and set under one lock: if two people click at the same time, the second one gets STALE.
            decided = action.update(id, request -> {
                if (!request.isPending() || request.getVersion() != version || !run.isBuilding()) {
                    return null;
                }
                Optional<String> refusal =
                        approve ? gate(request).refusal(person, request.approvals()) : Optional.empty();
                if (refusal.isPresent()) {
                    refused[0] = new DecisionResult(DecisionOutcome.FORBIDDEN, refusal.get());
                    return null;
                }
                return with(request, approve, person, comment);
            });
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "failed to store a decision in " + run);
            return new DecisionResult(DecisionOutcome.NOT_STORED, Messages.PendingPromotions_NotStored());
        }
        if (decided == null) {
            return refused[0];
        }
        LOGGER.info(() -> person.user() + (approve ? " approved " : " rejected ") + describe(decided) + " of " + run);
        notifyListener(id);
        return decided.isPending()
                ? new DecisionResult(DecisionOutcome.COUNTED, missing(decided).orElse(""))
                : new DecisionResult(DecisionOutcome.DECIDED, describe(decided));
    }

    private static PromotionRequest with(
            PromotionRequest request, boolean approve, Approval person, @CheckForNull String comment) {
        PromotionDecision decision =
                new PromotionDecision(person.user(), person.groups(), approve, comment, System.currentTimeMillis());
        if (!approve) {
            return request.with(decision, PromotionRequest.State.REJECTED);
        }
        PromotionRequest more = request.with(decision, PromotionRequest.State.PENDING);
        return missing(more).isPresent() ? more : request.with(decision, PromotionRequest.State.APPROVED);
    }

    private static String describe(PromotionRequest request) {
        return request.getApplication() + " " + request.getFrom() + " -> " + request.getTo();
    }

    /** What a pending request still needs, as text for people; empty when nothing is missing. */
    public static Optional<String> missing(PromotionRequest request) {
        return gate(request).missing(request.approvals());
    }

    private static ApprovalGate gate(PromotionRequest request) {
        ApprovalPolicy policy = request.policy();
        return gate(policy == null ? new ApprovalPolicy(List.of(), List.of(), 0) : policy, request.excluded());
    }

    /** The gate of a policy; compares user and group names as the security realm does. */
    public static ApprovalGate gate(ApprovalPolicy policy, Set<String> excluded) {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        return new ApprovalGate(
                policy, excluded, realm.getUserIdStrategy()::keyFor, realm.getGroupIdStrategy()::keyFor);
    }

    private static Approval approval(Authentication authentication) {
        return new Approval(
                authentication.getName(),
                authentication.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.toSet()));
    }

    /**
     * Registers a callback for each decision on a request. Register first, then read the state: earlier decisions are
     * not delivered.
     */
    public void listen(String id, Runnable listener) {
        listeners.put(id, listener);
    }

    /** Removes the callback of {@link #listen}. */
    public void forget(String id) {
        listeners.remove(id);
    }

    private void notifyListener(String id) {
        Runnable listener = listeners.get(id);
        if (listener != null) {
            listener.run();
        }
    }

    void add(Run<?, ?> run, String id) {
        runs.put(id, run);
    }

    /** Cancels a request that was not written, because its step no longer waits for it. */
    public void cancel(Run<?, ?> run, String id) throws IOException {
        forget(id);
        runs.remove(id);
        PromotionAction action = PromotionAction.find(run);
        if (action != null) {
            action.update(id, r -> r.isOpen() ? r.with(PromotionRequest.State.CANCELLED) : null);
        }
    }

    /** Cancels the requests of a build that has ended, however it ended. */
    @Extension
    public static final class RunCleanup extends RunListener<Run<?, ?>> {
        @Override
        public void onFinalized(Run<?, ?> run) {
            PromotionAction action = PromotionAction.find(run);
            if (action == null) {
                return;
            }
            for (PromotionRequest request : action.getRequests()) {
                get().runs.remove(request.getId());
                if (request.isOpen()) {
                    cancel(run, request);
                }
            }
        }

        private static void cancel(Run<?, ?> run, PromotionRequest request) {
            try {
                get().cancel(run, request.getId());
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "failed to cancel a request of " + run);
            }
        }

        @Override
        public void onDeleted(Run<?, ?> run) {
            get().runs.values().removeIf(r -> r.equals(run));
        }
    }
}
