package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.core.change.PromotedImage;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A promotion that a build asked for: what exactly would be written, who has to say yes, who has said what. Immutable,
 * and stored with the run before anything is written, so that a restart finds it.
 */
@ExportedBean(defaultVisibility = 2)
public final class PromotionRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Where the request stands. */
    public enum State {
        PENDING,
        /** Enough people said yes, or nobody has to; about to be written. */
        APPROVED,
        /** It stands in Git. */
        PROMOTED,
        REJECTED,
        /** The build stopped asking: aborted, timed out, ended. */
        CANCELLED
    }

    private final String id;
    private final String operation;
    private final String repository;
    /** Null in what former versions stored. */
    private final RepositoryBinding binding;

    private final String application;
    private final String from;
    private final String to;
    private final String sourcePath;
    private final String destinationPath;
    private final ArrayList<String> images;
    /** In the order of {@code images}; null in what former versions stored, which have the same names. */
    private final ArrayList<String> sourceImages;

    private final ArrayList<String> previous;
    private final String sourceRevision;
    private final ArrayList<String> groups;
    private final ArrayList<String> users;
    private final int count;
    private final String requester;
    /** Ids alone, as former versions stored them; null since then. */
    private final ArrayList<String> excluded;
    /** Null only until {@link #readResolve}. */
    private final ExcludedPeople excludedPeople;

    private final String reason;
    private final long requestedAt;
    private final ArrayList<PromotionDecision> decisions;
    private final State state;

    private PromotionRequest(
            PromotionRequest from, ExcludedPeople excluded, List<PromotionDecision> decisions, State state) {
        this.id = from.id;
        this.operation = from.operation;
        this.repository = from.repository;
        this.binding = from.binding;
        this.application = from.application;
        this.from = from.from;
        this.to = from.to;
        this.sourcePath = from.sourcePath;
        this.destinationPath = from.destinationPath;
        this.images = from.images;
        this.sourceImages = from.sourceImages;
        this.previous = from.previous;
        this.sourceRevision = from.sourceRevision;
        this.groups = from.groups;
        this.users = from.users;
        this.count = from.count;
        this.requester = from.requester;
        this.excluded = null;
        this.excludedPeople = excluded;
        this.reason = from.reason;
        this.requestedAt = from.requestedAt;
        this.decisions = new ArrayList<>(decisions);
        this.state = state;
    }

    /**
     * A new request; approved at once when policy asks for no approval.
     *
     * @param operation the operation id of the step
     * @param repository the config repository that it is asked for, and no other
     * @param requester id of the person who asks; {@code anonymous} when no person did
     * @param excluded all people whose approval does not count, the requester among them
     * @param reason one clean line, see {@link TextSanitizer#line(String)}
     */
    public PromotionRequest(
            String operation,
            RepositoryBinding repository,
            PromotionPlan promotionPlan,
            String requester,
            ExcludedPeople excluded,
            @CheckForNull String reason) {
        ApprovalPolicy policy = promotionPlan.approval();
        this.id = UUID.randomUUID().toString();
        this.operation = operation;
        this.repository = repository.getName();
        this.binding = repository;
        this.application = promotionPlan.source().application();
        this.from = promotionPlan.source().environment();
        this.to = promotionPlan.destination().environment();
        this.sourcePath = promotionPlan.source().path();
        this.destinationPath = promotionPlan.destination().path();
        this.images = texts(promotionPlan.images());
        this.sourceImages = texts(promotionPlan.sourceImages());
        this.previous = texts(promotionPlan.previous());
        this.sourceRevision = promotionPlan.sourceRevision();
        this.groups = policy == null ? new ArrayList<>() : new ArrayList<>(policy.groups());
        this.users = policy == null ? new ArrayList<>() : new ArrayList<>(policy.users());
        this.count = policy == null ? 0 : policy.count();
        this.requester = requester;
        this.excluded = null;
        this.excludedPeople = excluded;
        this.reason = reason;
        this.requestedAt = System.currentTimeMillis();
        this.decisions = new ArrayList<>();
        this.state = policy == null ? State.APPROVED : State.PENDING;
    }

    private static ArrayList<String> texts(List<ImageReference> images) {
        ArrayList<String> texts = new ArrayList<>();
        images.forEach(i -> texts.add(i.toString()));
        return texts;
    }

    PromotionRequest with(PromotionDecision decision, State then) {
        List<PromotionDecision> more = new ArrayList<>(decisions);
        more.add(decision);
        return new PromotionRequest(this, excludedPeople, more, then);
    }

    PromotionRequest with(State then) {
        return new PromotionRequest(this, excludedPeople, decisions, then);
    }

    /** Former versions knew ids and no reasons. */
    private Object readResolve() {
        if (excludedPeople != null) {
            return this;
        }
        ExcludedPeople.Builder people = new ExcludedPeople.Builder();
        for (String person : excluded == null ? List.of(requester) : excluded) {
            people.add(
                    person,
                    person.equals(requester) ? ExcludedPerson.Role.REQUESTER : ExcludedPerson.Role.EARLIER_CHANGE,
                    null);
        }
        return new PromotionRequest(this, people.build(true), decisions, state);
    }

    /** As it was prepared, for writing it. */
    public PromotionPlan toPromotion() throws UserErrorException {
        List<ImageReference> results = parse(images);
        List<ImageReference> sources = sourceImages == null ? results : parse(sourceImages);
        List<ImageReference> present = parse(previous);
        List<PromotedImage> promoted = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            String name = results.get(i).name();
            ImageReference before = present.stream()
                    .filter(image -> image.name().equals(name))
                    .findFirst()
                    .orElse(null);
            promoted.add(new PromotedImage(sources.get(i), results.get(i), before));
        }
        return new PromotionPlan(
                new Target(application, from, sourcePath, null),
                new Target(application, to, destinationPath, null),
                promoted,
                sourceRevision,
                policy());
    }

    private static List<ImageReference> parse(List<String> texts) throws UserErrorException {
        List<ImageReference> parsed = new ArrayList<>();
        for (String text : texts) {
            parsed.add(ImageReference.parse(text));
        }
        return parsed;
    }

    /** Who had to approve when it was asked for; null when nobody. */
    @CheckForNull
    public ApprovalPolicy policy() {
        return count == 0 ? null : new ApprovalPolicy(groups, users, count);
    }

    /** All that said yes. */
    public List<Approval> approvals() {
        return decisions.stream()
                .filter(PromotionDecision::isApproved)
                .map(PromotionDecision::toApproval)
                .toList();
    }

    /** Ids of those whose approval does not count. */
    public Set<String> excluded() {
        return excludedPeople.ids();
    }

    ExcludedPeople excludedPeople() {
        return excludedPeople;
    }

    /** Those whose approval does not count, and why. */
    @Exported
    public List<ExcludedPerson> getExcluded() {
        return excludedPeople.people();
    }

    /** Authors that are no known users of this Jenkins, as their commits name them: nobody can exclude them. */
    @Exported
    public List<String> getUnknownAuthors() {
        return excludedPeople.unknown();
    }

    /** What was asked for is written there or nowhere; null in what former versions stored. */
    @CheckForNull
    @Exported
    public RepositoryBinding getBinding() {
        return binding;
    }

    /** Drawn at random; safe in a URL. */
    @Exported
    public String getId() {
        return id;
    }

    /** The operation id of the step that asks. */
    public String getOperation() {
        return operation;
    }

    /** Rises with each decision: a form that shows an older one is out of date. */
    @Exported
    public int getVersion() {
        return decisions.size();
    }

    /** Name of the config repository in the global configuration. */
    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getApplication() {
        return application;
    }

    /** The environment where the images were verified. */
    @Exported
    public String getFrom() {
        return from;
    }

    /** The environment that they are to reach. */
    @Exported
    public String getTo() {
        return to;
    }

    /** What is to be written: {@code name:tag}, {@code name@digest}. */
    @Exported
    public List<String> getImages() {
        return Collections.unmodifiableList(images);
    }

    /** The same images as the source has them, where it gives them other names: else the same. */
    @Exported
    public List<String> getSourceImages() {
        return Collections.unmodifiableList(sourceImages == null ? images : sourceImages);
    }

    /** What stood there when it was asked for. */
    @Exported
    public List<String> getPrevious() {
        return Collections.unmodifiableList(previous);
    }

    /** The revision that was looked at, 40 hex digits. */
    @Exported
    public String getSourceRevision() {
        return sourceRevision;
    }

    /** Who has to approve, in words; empty when nobody. */
    @Exported
    public String getPolicy() {
        ApprovalPolicy policy = policy();
        return policy == null ? "" : policy.count() + " of " + policy.describe();
    }

    /** Id of the person who asks; {@code anonymous} when no person did. */
    @Exported
    public String getRequester() {
        return requester;
    }

    /** Used by card.jelly. */
    public boolean isRequestedByPerson() {
        return !requester.equals(Jenkins.ANONYMOUS2.getName());
    }

    /** Why it is asked for; null when nothing was said. */
    @CheckForNull
    @Exported
    public String getReason() {
        return reason;
    }

    /** Milliseconds since the epoch. */
    @Exported
    public long getRequestedAt() {
        return requestedAt;
    }

    /** In the order in which they were made. */
    @Exported
    public List<PromotionDecision> getDecisions() {
        return Collections.unmodifiableList(decisions);
    }

    @Exported
    public State getState() {
        return state;
    }

    /** For Jelly. */
    public boolean isPending() {
        return state == State.PENDING;
    }

    /** Whether it may still be written: it waits for people, or for Git. */
    public boolean isOpen() {
        return state == State.PENDING || state == State.APPROVED;
    }
}
